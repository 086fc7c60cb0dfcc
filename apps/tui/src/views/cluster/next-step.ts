import { join, span, type Line } from '../../layout/line.js';
import { servesLedger, servesRegisters, type Model } from '../../model/model.js';
import { stateOf } from '../../model/server-model.js';
import type { CommandRow } from '../../commands.js';

/** What somebody who has read nothing else sees here, one paragraph each. */
export function explanation(model: Model): readonly string[] {
  const { servers } = model;
  const lines: string[] = [];
  if (servesLedger(model)) {
    lines.push(
      `You see a bank on ${servers.length} servers. Each is the home of some accounts and pays from them by itself, ` +
        'until one is short: then it leads a round of Paxos that brings all transfers into one block.',
    );
  }
  if (servesRegisters(model)) {
    lines.push(
      `You see registers on ${servers.length} nodes. A write ends when a majority of those that hold the register ` +
        'has it, a read asks a majority: so it sees the last write, while a minority may be down.',
    );
  }
  return lines;
}

/** What to do now, in one line: the one thing that matters most. */
export function nextStep(model: Model, commands: readonly CommandRow[]): Line {
  return join(span('Next  ', 'strong'), ...stepFor(model, commands));
}

function stepFor(model: Model, commands: readonly CommandRow[]): readonly (string | Line)[] {
  const { servers, plan, set } = model;
  if (servers.length === 0 || servers.every((server) => stateOf(server) === 'starting'))
    return ['waiting for the servers …'];
  if (servers.every((server) => stateOf(server) === 'down')) {
    return ['no server answers. ', restart(servers[0]!.id, commands) ?? 'Start them where they were started.'];
  }
  if (set && !set.isDone)
    return ['the set is being played; ', key('t'), ' shows the messages, ', key('e'), ' the events'];
  const down = servers.find((server) => stateOf(server) === 'down');
  if (down)
    return [
      `${down.id} is down; the others go on. `,
      restart(down.id, commands) ?? 'Start it where it was started, or replace it.',
    ];
  const cut = servers.find((server) => stateOf(server) === 'disconnected');
  if (cut) return [`${cut.id} has no link. `, key(`: Connect ${cut.id}`), ' joins it again'];
  const iterate = commands.find(({ name }) => name === 'NextIteration');
  if (plan && iterate && !iterate.unavailable && plan.begun < plan.sets) {
    return [key(`${iterate.number ?? ':'} Enter`), ` plays set ${plan.begun + 1} of ${plan.sets}`, ...more(model)];
  }
  if (plan && plan.begun === plan.sets) return ['all sets have been played', ...more(model)];
  return [key(':'), ' gives a command, ', key('?'), ' shows every key'];
}

/** What else is worth a look. */
function more({ set, rounds }: Model): readonly (string | Line)[] {
  if (!set) return ['; ', key('?'), ' shows every key'];
  const waits = (set.counts.pending ?? 0) > 0;
  const look = waits ? ['; ', key('g'), ' shows what waits'] : ['; ', key('l'), ' shows the balances'];
  return rounds.length > 0 ? [...look, ', ', key('t'), ' the last round'] : look;
}

/** Undefined: that can not be done from here. */
function restart(server: string, commands: readonly CommandRow[]): Line | undefined {
  const command = commands.find(({ name }) => name === 'RestartServer');
  if (!command || command.unavailable) return undefined;
  return join(key(`: RestartServer ${server}`), ' starts it again');
}

function key(text: string): Line {
  return [span(text, 'accent')];
}
