import { describe, expect, test } from '@jest/globals';
import type { RegisterReport } from '@synod/client';
import { after, cluster, freshBank, noonMs, playing, report } from '../testing/bank.js';
import { emptyModel, serverOf, topHeight, type Model } from './model.js';
import { stateOf, type ServerState } from './server-model.js';

const state = (model: Model, id: string): ServerState => stateOf(serverOf(model, id)!);

const registers = (changes: Partial<RegisterReport> = {}): RegisterReport => ({
  node: 'S1',
  ready: true,
  recovering: false,
  cells: 3,
  active: 0,
  peers: [{ node: 'S2', linked: true, knowsThis: true }],
  silences: [],
  performance: { operationsPerSecond: 0, p50Ms: 0, p99Ms: 0, writes: { count: 0, p50Ms: 0, p99Ms: 0 }, loopDelayMs: 0 },
  ...changes,
});
const everything = { key: undefined, phase: undefined, active: true };

describe('how a server stands', () => {
  const begun = after(emptyModel, cluster(['S1', 'S2', 'S3']));
  test.each<[ServerState, Parameters<typeof after>[1]]>([
    ['up', report('S1')],
    ['disconnected', report('S1', { status: { connected: [] } })],
    ['catching up', report('S1', { status: { catchingUp: true } })],
    ['starting', report('S1', { status: { ready: false } })],
    ['down', { type: 'reach', server: 'S1', reach: 'down', reason: 'killed' }],
    ['silent', { type: 'reach', server: 'S1', reach: 'silent', reason: 'nothing comes back' }],
    ['up', { type: 'register-report', report: registers() }],
    ['silent', { type: 'register-report', report: registers({ silences: [everything] }) }],
    ['up', { type: 'register-report', report: registers({ silences: [{ ...everything, key: 'config/a' }] }) }],
    ['up', { type: 'register-report', report: registers({ silences: [{ ...everything, active: false }] }) }],
    ['catching up', { type: 'register-report', report: registers({ recovering: true }) }],
    [
      'disconnected',
      { type: 'register-report', report: registers({ peers: [{ node: 'S2', linked: false, knowsThis: true }] }) },
    ],
  ])('%s', (expected, news) => {
    expect(state(begun, 'S1')).toBe('starting');
    expect(state(after(begun, news), 'S1')).toBe(expected);
  });

  test('a report of one that was down says that it answers again', () => {
    const down = after(begun, { type: 'reach', server: 'S1', reach: 'down', reason: 'killed' });
    expect(serverOf(after(down, report('S1')), 'S1')).toMatchObject({ reach: 'answers', reason: '' });
  });
});

test('what was known of a server stays when the list of servers comes again', () => {
  const before = playing();
  const model = after(before, cluster(['S1', 'S10', 'S2']));
  expect(model.servers.map(({ id }) => id)).toEqual(['S1', 'S2', 'S10']);
  expect(serverOf(model, 'S1')?.ledger).toBe(serverOf(before, 'S1')?.ledger);
});

test('news of a server that is not of the cluster changes nothing but the time', () => {
  const model = freshBank();
  const changed = after(model, { timeMs: noonMs + 5, news: report('S9') });
  expect(changed).toEqual({ ...model, nowMs: noonMs + 5 });
});

test('what has not changed is shared', () => {
  const before = playing();
  const changed = after(before, report('S2', { status: { height: 1 } }));
  expect(serverOf(changed, 'S1')).toBe(serverOf(before, 'S1'));
  expect(changed.chain).toBe(before.chain);
  expect(changed.eventLog).toBe(before.eventLog);
});

test('time does not go back', () => {
  const model = after(freshBank(), { timeMs: noonMs + 9, news: report('S1') }, { timeMs: noonMs, news: report('S2') });
  expect(model.nowMs).toBe(noonMs + 9);
});

test('changes of state are remembered for the timeline, the first sight of a server is not', () => {
  const model = after(
    freshBank(),
    { timeMs: noonMs, news: { type: 'reach', server: 'S2', reach: 'down', reason: '' } },
    { timeMs: noonMs + 1, news: { type: 'reach', server: 'S2', reach: 'down', reason: '' } },
    { timeMs: noonMs + 2, news: report('S2', { status: { catchingUp: true } }) },
    { timeMs: noonMs + 3, news: report('S2') },
  );
  expect([...model.trace.changes].map(({ timeUs, state: to }) => [timeUs / 1000 - noonMs, to])).toEqual([
    [0, 'down'],
    [2, 'catching up'],
    [3, 'up'],
  ]);
});

test('the height is that of the longest chain that anybody has', () => {
  expect(topHeight(after(freshBank(), report('S2', { status: { height: 7 } })))).toBe(7);
});

test('a command is begun and ended by its number', () => {
  const model = after(
    emptyModel,
    { type: 'command-began', number: 1, line: 'PrintLog S1' },
    { type: 'command-began', number: 2, line: '5' },
    { type: 'command-ended', number: 1, failed: true, lines: ['no'] },
  );
  expect(model.runs).toEqual([
    { number: 1, line: 'PrintLog S1', state: 'failed', lines: ['no'] },
    { number: 2, line: '5', state: 'running', lines: [] },
  ]);
});
