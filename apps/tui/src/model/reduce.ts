import { compareNatural, type NodeId } from '@synod/kernel';
import { addBlocks, checkFork } from './chain.js';
import { beginRun, endRun } from './command-runs.js';
import { addEvent } from './event-log.js';
import type { Input, News } from './input.js';
import type { Model } from './model.js';
import { addRate } from './rates.js';
import { addToRounds } from './rounds.js';
import { newServer, stateOf, type ServerModel } from './server-model.js';
import { beginSet, decide } from './sets.js';
import { addChange, addMessages } from './trace.js';

/** The model after an input. Costs what has changed, not what is known. What concerns an unknown server changes nothing. */
export function reduce(model: Model, { timeMs, news }: Input): Model {
  return { ...apply(model, timeMs, news), nowMs: Math.max(model.nowMs, timeMs) };
}

function apply(model: Model, timeMs: number, news: News): Model {
  switch (news.type) {
    case 'cluster':
      return withCluster(model, news);
    case 'reach':
      return change(model, news.server, timeMs, ({ reach }) => {
        // Of two that tell, one may know why: that stays until the server answers.
        if (reach === 'down' && news.reach === 'unreachable') return {};
        return { reach: news.reach, reason: news.reason };
      });
    case 'ledger-report': {
      const { server: id, height, hash } = news.report.status;
      const rate = news.report.performance.transfersPerSecond;
      const reported = change(model, id, timeMs, ({ rates }) => {
        return { reach: 'answers', reason: '', ledger: news.report, rates: addRate(rates, timeMs, rate) };
      });
      return { ...reported, chain: checkFork(reported.chain, id, height, hash) };
    }
    case 'register-report': {
      const rate = news.report.performance.operationsPerSecond;
      return change(model, news.report.node, timeMs, ({ ledger, rates }) => ({
        reach: 'answers',
        reason: '',
        registers: news.report,
        rates: ledger ? rates : addRate(rates, timeMs, rate),
      }));
    }
    case 'performance':
      return change(model, news.report.server, timeMs, () => ({ performance: news.report }));
    case 'balances':
      return change(model, news.balances.server, timeMs, () => ({ balances: news.balances }));
    case 'log':
      return change(model, news.log.server, timeMs, () => ({ log: news.log }));
    case 'blocks':
      return { ...model, chain: addBlocks(model.chain, news.server, news.blocks) };
    case 'layout':
      return { ...model, layout: news.layout };
    case 'cells':
      return change(model, news.server, timeMs, () => ({ cells: new Map(news.cells.map((cell) => [cell.key, cell])) }));
    case 'event':
      return { ...model, eventLog: addEvent(model.eventLog, news.event, news.missed) };
    case 'messages':
      return {
        ...model,
        trace: addMessages(model.trace, news.messages, news.missed),
        rounds: news.messages.reduce(addToRounds, model.rounds),
      };
    case 'plan':
      return { ...model, plan: { source: news.source, sets: news.sets, begun: news.begun } };
    case 'set-began':
      return { ...model, set: beginSet(news.set, news.live, news.total) };
    case 'decided':
      return model.set ? { ...model, set: decide(model.set, news.row) } : model;
    case 'late':
      return model.set ? { ...model, set: { ...model.set, late: [...model.set.late, news.row] } } : model;
    case 'set-ended':
      return model.set ? { ...model, set: { ...model.set, isDone: true } } : model;
    case 'command-began':
      return { ...model, runs: beginRun(model.runs, news.number, news.line) };
    case 'command-ended':
      return { ...model, runs: endRun(model.runs, news.number, news.failed ? 'failed' : 'done', news.lines) };
  }
}

function withCluster(model: Model, { cluster, servers }: Extract<News, { readonly type: 'cluster' }>): Model {
  const known = new Map(model.servers.map((server) => [server.id, server]));
  const all = servers.map(({ id, address }) => ({ ...(known.get(id) ?? newServer(id, address)), address }));
  return { ...model, cluster, servers: all.sort((a, b) => compareNatural(a.id, b.id)) };
}

/** With something else known of one server. A change of its state is remembered for the timeline. */
function change(
  model: Model,
  id: NodeId,
  timeMs: number,
  changes: (server: ServerModel) => Partial<ServerModel>,
): Model {
  const index = model.servers.findIndex((server) => server.id === id);
  const before = model.servers[index];
  if (!before) return model;
  const after = { ...before, ...changes(before) };
  const state = stateOf(after);
  // That a server is up when it is seen for the first time is no change.
  const isSame = state === stateOf(before) || (before.reach === 'unknown' && state === 'up');
  const trace = isSame ? model.trace : addChange(model.trace, { timeUs: timeMs * 1000, server: id, state });
  return { ...model, servers: model.servers.with(index, after), trace };
}
