import { invariant, type Input, type Machine, type NodeId, type Output, type Time } from '@synod/kernel';
import type { PaxosMessage } from '../messages.js';
import type { Limits, Timing } from '../options.js';
import { liveKeys, paxosKeys, type PaxosRecord } from '../records.js';
import { replicatedLog, type LogProtocol } from '../replicated-log.js';
import { Notation } from './notation.js';
import { genesis, textCodec } from './text-codec.js';

/** Long enough that the background exchange stays out of a scenario that is not about it. */
const quiet: Partial<Timing> = { statusMs: 1_000_000 };

/**
 * Plays a scenario with one server, and returns its text with the effects that really came. In the text
 *
 *     servers S1 S2 S3         the members; the server played is S1, known to its peers (`strangers`: to nobody;
 *                              `replacement`: it waits to be accepted)
 *     timing statusMs=500      other than the defaults; without it there is no background exchange
 *     limits pageEntries=2     other than the defaults
 *     block A = h1 (1, S1) S1/1=a
 *     > append a               inputs: append, read, replace S2 <disk> <address>, `S2: <message>`, link S2 up,
 *                              wait 200, restart
 *     ~ S1: <message>          what the server sends to itself arrives at once
 *       S2 S3 < <message>      effects, indented
 *
 * all lines but inputs, declarations, comments and blanks are effects. (The form follows etcd-io/raft's scripts.)
 */
export function playScenario(text: string): string {
  const player = new Player();
  const lines = text.split('\n').filter((line) => !/^( {2}|~ )/.test(line));
  return lines.flatMap((line) => [line, ...player.play(line)]).join('\n');
}

class Player {
  readonly #notation = new Notation();
  readonly #stored = new Map<string, PaxosRecord<string>>();
  readonly #self: NodeId = 'S1';
  #members: NodeId[] = [];
  #timing = quiet;
  #limits: Partial<Limits> = {};
  /** What the state machine that follows the log amounts to. */
  #state = 'nothing';
  #isReplacement = false;
  #machine: Machine<LogProtocol<string>> | undefined;
  #now: Time = 0;
  #operations = 0;

  /** The effects of one line. */
  play(line: string): string[] {
    const [keyword, ...words] = line.split(' ');
    const rest = words.join(' ');
    switch (keyword) {
      case 'servers':
      case 'strangers':
      case 'replacement':
        this.#members = words;
        this.#isReplacement = keyword === 'replacement';
        if (keyword === 'servers') this.#beKnown();
        return [];
      case 'timing':
        this.#timing = numbers(words);
        return [];
      case 'limits':
        this.#limits = numbers(words);
        return [];
      case 'block':
        this.#notation.declare(rest);
        return [];
      case '>':
        return this.#input(rest);
      default:
        return [];
    }
  }

  #input(line: string): string[] {
    const message = /^(?<from>\w+): (?<message>.*)$/.exec(line)?.groups;
    if (message) {
      return this.#step({
        kind: 'deliver',
        from: message['from']!,
        message: this.#notation.parse(message['message']!),
      });
    }
    const [verb, first, second] = line.split(' ');
    switch (verb) {
      case 'append':
        return this.#step({ kind: 'invoke', id: ++this.#operations, command: { type: 'append', value: first! } });
      case 'read':
        return this.#step({ kind: 'invoke', id: ++this.#operations, command: { type: 'read', from: Number(first) } });
      case 'replace': {
        const [server, disk, address] = line.split(' ').slice(1);
        const change = { server: server!, disk: disk!, address: address! };
        return this.#step({ kind: 'invoke', id: ++this.#operations, command: { type: 'replace', change } });
      }
      case 'link':
        return this.#step({ kind: 'link', peer: first!, up: second === 'up' });
      case 'wait':
        return this.#wait(this.#now + Number(first));
      case 'restart':
        this.#machine = undefined;
        return [];
      default:
        throw new Error(`a scenario knows no "${line}"`);
    }
  }

  #wait(until: Time): string[] {
    const effects: string[] = [];
    for (;;) {
      const wakeAt = this.#running().wakeAt ?? Number.POSITIVE_INFINITY;
      this.#now = Math.max(this.#now, Math.min(wakeAt, until));
      if (wakeAt > until) return effects;
      effects.push(...this.#step({ kind: 'wake' }));
    }
  }

  #step(input: Input<LogProtocol<string>>): string[] {
    let output: Output<LogProtocol<string>>;
    try {
      output = this.#running().step(input, this.#now);
    } catch (error) {
      this.#machine = undefined;
      return [`  stops: ${(error as Error).message}`];
    }
    for (const { key, value } of output.persist) {
      if (value) this.#stored.set(key, value);
      else this.#stored.delete(key);
    }
    const toSelf = output.send.filter(({ to }) => to === this.#self).map(({ message }) => message);
    return [...this.#show(output), ...toSelf.flatMap((message) => this.#deliverToSelf(message))];
  }

  #deliverToSelf(message: PaxosMessage<string>): string[] {
    const effects = this.#step({ kind: 'deliver', from: this.#self, message });
    return [`~ ${this.#self}: ${this.#notation.show(message)}`, ...effects];
  }

  #show({ persist, send, complete }: Output<LogProtocol<string>>): string[] {
    const recipients = new Map<PaxosMessage<string>, NodeId[]>();
    for (const { to, message } of send) {
      recipients.set(message, [...(recipients.get(message) ?? []), to]);
    }
    return [
      ...persist.map(({ key, value }) => `  ${this.#notation.showRecord(key, value)}`),
      ...[...recipients].map(([message, to]) => `  ${to.join(' ')} < ${this.#notation.show(message)}`),
      ...complete.map(({ id, result }) => `  answer ${id}: ${showResult(result)}`),
    ];
  }

  #running(): Machine<LogProtocol<string>> {
    if (this.#machine) return this.#machine;
    invariant(this.#members.length > 0, 'a scenario names its servers');
    const options = {
      self: this.#self,
      members: this.#members,
      genesis,
      codec: textCodec,
      random: () => 0.5,
      replacement: this.#isReplacement,
    };
    const records = [...this.#stored].filter(([key]) => key >= liveKeys.from && key < liveKeys.to).sort();
    const reader = { get: (key: string) => this.#stored.get(key) };
    const builder = replicatedLog({
      ...options,
      timing: this.#timing,
      limits: this.#limits,
      onBlock: ({ entries }) => (this.#state = entries.at(-1)?.value ?? this.#state),
      state: {
        snapshot: () => Buffer.from(this.#state),
        restore: (state) => (this.#state = Buffer.from(state).toString()),
      },
    }).recover(reader, this.#now);
    for (const [key, record] of records) builder.add(key, record);
    this.#machine = builder.build();
    if (this.#timing === quiet) this.#machine.step({ kind: 'wake' }, this.#now); // the first exchange, to nobody
    return this.#machine;
  }

  #beKnown(): void {
    this.#stored.set(paxosKeys.identity, { kind: 'identity', identity: 'd15c', standing: 'established' });
  }
}

function numbers(words: readonly string[]): Record<string, number> {
  return Object.fromEntries(words.map((word) => word.split('=')).map(([name, number]) => [name!, Number(number)]));
}

function showResult(result: LogProtocol<string>['result']): string {
  switch (result.type) {
    case 'appended':
      return `appended at h${result.height} as entry ${result.sequence}`;
    case 'blocks':
      return `h${result.height}, ${result.blocks.length} blocks from h${result.blocks[0]?.height ?? '-'}`;
    case 'replaced':
      return `replaced at h${result.height} after entry ${result.sequence}`;
    case 'error':
      return `${result.error.definite ? '' : 'maybe '}${result.error.code}`;
  }
}
