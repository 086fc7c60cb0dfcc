import { describe, expect, test } from '@jest/globals';
import type { LoggedTransfer, Transfer } from '@synod/ledger';
import type { SetResult } from '../play/run-result.js';
import type { FateRow } from '../play/fates.js';
import type { Facts, SetFacts } from './facts.js';
import { render } from './render.js';

const shortId = (id: string) => id.replace(/^run\//, '');
/** Nobody was silent. */
const silent: never[] = [];
const shown = (facts: Facts) => `\n${render(facts, shortId).join('\n')}\n`;

const transfer = (id: string, from: string, to: string, amount: bigint): Transfer => ({ id, from, to, amount });
const logged = (owner: string, sequence: number, value: Transfer): LoggedTransfer => ({ owner, sequence, value });

test('what was said is one line', () => {
  expect(render({ kind: 'said', text: 'S1 is killed.' }, shortId)).toEqual(['S1 is killed.']);
});

test('balances: aligned to the right, with the home, what is pending and how the home stands', () => {
  const rows = [
    { account: 'alice', home: 'S1', spendable: 7n, pending: 0, state: 'up' as const },
    { account: 'bob', home: 'S2', spendable: 2n ** 64n - 1n, pending: 2, state: 'disconnected' as const },
    { account: 'S3', home: 'S3', spendable: 100n, pending: 0, state: 'crashed' as const },
  ];
  expect(shown({ kind: 'balances', rows, silent })).toBe(`
  account               balance  home
  alice                       7  S1
  bob      18446744073709551615  S2 (disconnected)                      2 pending
  S3                        100  S3 (crashed, from its data directory)
`);
});

test('logs: entries by number, then what is pending, ids as in the file', () => {
  const servers = [
    {
      server: 'S1',
      state: 'up' as const,
      entries: [logged('S1', 4, transfer('run/2-1', 'S1', 'S3', 45n))],
      pending: [transfer('run/2-2', 'S1', 'S2', 500n), transfer('other', 'S1', 'S2', 1n)],
    },
    { server: 'S2', state: 'crashed' as const, entries: [], pending: [] },
  ];
  expect(shown({ kind: 'logs', servers, silent })).toBe(`
S1: 1 transfer in the log, 2 pending
  4. S1 → S3: 45  [2-1]
  pending: S1 → S2: 500  [2-2]
  pending: S1 → S2: 1  [other]
S2 (crashed, from its data directory): 0 transfers in the log, 0 pending
`);
});

test('blocks: height, ballot, proposer, hash and transfers', () => {
  const block = {
    height: 1,
    previous: '0'.repeat(64),
    hash: `${'ab'.repeat(8)}${'0'.repeat(48)}`,
    ballot: { round: 3, server: 'S2' },
    entries: [
      logged('S1', 1, transfer('run/1-1', 'S1', 'S3', 45n)),
      logged('S10', 2, transfer('run/1-9', 'S10', 'S3', 5n)),
    ],
  };
  const servers = [
    { server: 'S1', state: 'disconnected' as const, blocks: [block], missing: undefined },
    { server: 'S2', state: 'up' as const, blocks: [], missing: { from: 1, to: 9 } },
  ];
  expect(shown({ kind: 'blocks', servers, silent })).toBe(`
S1 (disconnected): 1 block
  block 1  ballot (3, S2)  proposer S2  hash abababababababab…  2 transfers
    S1 #1  S1 → S3: 45  [1-1]
    S10 #2  S10 → S3: 5  [1-9]
S2: 0 blocks; 1 to 9 skipped with a snapshot and not filled in yet
`);
});

test('performance: a row per method that was called, the transfers, and the last ones one by one', () => {
  const none = { count: 0, totalMs: 0, meanMs: 0, p50Ms: 0, p99Ms: 0 };
  const report = {
    methods: [
      {
        method: 'synod.ledger.v1.LedgerService.Balance',
        count: 12,
        totalMs: 34.56,
        meanMs: 2.88,
        p50Ms: 2,
        p99Ms: 11.25,
      },
      { method: 'synod.ledger.v1.LedgerService.Log', ...none },
    ],
    requests: {
      count: 2,
      totalMs: 20,
      meanMs: 10,
      p50Ms: 9.5,
      p99Ms: 12,
      perSecond: 3.14159,
      recent: [{ id: 'run/1-1', status: 'local', ms: 0.5 }],
    },
    writes: none,
    loopDelayMs: { mean: 0, p99: 0 },
  } as unknown as NonNullable<Extract<Facts, { kind: 'performance' }>['servers'][number]['report']>;
  const servers = [
    { server: 'S1', state: 'up' as const, requests: 'transfer' as const, report },
    {
      server: 'S2',
      state: 'up' as const,
      requests: 'operation' as const,
      report: { ...report, methods: [], requests: { ...report.requests, count: 0, recent: [] } },
    },
    { server: 'S3', state: 'crashed' as const, requests: 'transfer' as const, report: undefined },
  ];
  expect(shown({ kind: 'performance', servers, silent })).toBe(`
S1
  RPC method  count  total ms  mean   p50   p99
  Balance        12      34.6  2.88  2.00  11.3
  2 transfers: mean 10.0 ms, p50 9.50, p99 12.0, 3.1/s
    1-1  local  0.50 ms
S2
  0 operations
S3 (crashed): no figures, they are not kept on disk
`);
});

test('balance maps: a row per server, a column per account', () => {
  const servers = [
    {
      server: 'S1',
      state: 'up' as const,
      height: 12,
      balances: new Map([
        ['S1', 30n],
        ['S2', 100n],
      ]),
    },
    {
      server: 'S2',
      state: 'crashed' as const,
      height: 3,
      balances: new Map([
        ['S1', 1000n],
        ['S2', 70n],
      ]),
    },
  ];
  expect(shown({ kind: 'balance-maps', accounts: ['S1', 'S2'], servers, silent })).toBe(`
  server                                 blocks    S1   S2
  S1                                         12    30  100
  S2 (crashed, from its data directory)       3  1000   70
`);
});

test('one account on every server, and the aggregate', () => {
  const views = [
    { server: 'S1', state: 'up' as const, balance: 30n },
    { server: 'S2', state: 'disconnected' as const, balance: 100n },
  ];
  expect(shown({ kind: 'account-map', account: 'S1', views, aggregate: 130n, silent })).toBe(`
  S1 on              balance
  S1                      30
  S2 (disconnected)      100
  aggregate              130
  aggregate: committed blocks plus all local logs, without consensus
`);
});

describe('a set', () => {
  const result: SetResult = {
    set: '2',
    live: ['S1', 'S2'],
    status: {},
    own: { S1: 30n, S2: null },
    map: {},
    settled: {},
    pending: [],
    blocks: { S1: 1, S2: null },
  };
  const row = (id: string, fate: FateRow['fate'], reason = ''): FateRow => ({
    id,
    transfer: 'S1 → S2: 5',
    fate,
    reason,
  });
  const set = (facts: Partial<SetFacts>): SetFacts => ({
    kind: 'set',
    crashed: [],
    result,
    transfers: [],
    commands: [],
    ...facts,
  });

  test('each transfer with its fate and reason, what came late, what is still pending, what crashed', () => {
    const facts = set({
      result: { ...result, late: { '1-3': 'consensus' }, pending: ['1-4', '2-2'] },
      transfers: [row('2-1', 'local'), row('2-2', 'pending', 'insufficient funds'), row('2-10', 'consensus')],
    });
    expect(shown(facts)).toBe(`
Set 2, live S1, S2: 3 transfers
  id    transfer    fate
  2-1   S1 → S2: 5  local
  2-2   S1 → S2: 5  pending    insufficient funds
  2-10  S1 → S2: 5  consensus
  1-3, pending since an earlier set: consensus
  still pending: 1-4, 2-2
  balances: S1 30, S2 (crashed)
  blocks:   S1 1, S2 (crashed)
`);
  });

  test('without transfers, and with nobody live', () => {
    expect(render(set({ result: { ...result, live: [] } }), shortId)[0]).toBe('Set 2, live nobody: 0 transfers');
  });

  test('a long set shows what is not local, at most a hundred, and counts the rest', () => {
    const transfers = Array.from({ length: 300 }, (_, i) => row(`2-${i + 1}`, i % 3 === 0 ? 'consensus' : 'local'));
    const lines = render(set({ transfers }), shortId);
    expect(lines[0]).toBe('Set 2, live S1, S2: 300 transfers');
    expect(lines.filter((line) => line.includes(' → '))).toHaveLength(100);
    expect(lines.filter((line) => / → .* local/.test(line))).toEqual([]);
    expect(lines).toContain('  (100 of 300 shown)  100 consensus, 200 local');
  });

  test('lists of more than fifty are cut', () => {
    const names = Array.from({ length: 60 }, (_, i) => `a${i}`);
    const own = Object.fromEntries(names.map((name) => [name, 1n]));
    const lines = render(set({ result: { ...result, own, pending: names } }), shortId);
    expect(lines.find((line) => line.startsWith('  balances:'))).toMatch(/a49 1, … \(60\)$/);
    expect(lines.find((line) => line.startsWith('  still pending:'))).toMatch(/a49, … \(60\)$/);
  });
});

test('a server that does not answer: its reason stands below the others, and no aggregate is told', () => {
  const views = [{ server: 'S1', state: 'up' as const, balance: 30n }];
  const reason = 'S2 runs, but does not answer';
  expect(shown({ kind: 'account-map', account: 'S1', views, aggregate: undefined, silent: [{ server: 'S2', reason }] }))
    .toBe(`
  S1 on  balance
  S1          30
  aggregate: unknown while a server is silent
S2 runs, but does not answer
`);
  expect(shown({ kind: 'logs', servers: [], silent: [{ server: 'S2', reason }] })).toBe(`
S2 runs, but does not answer
`);
});
