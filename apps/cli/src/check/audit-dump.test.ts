import { expect, test } from '@jest/globals';
import { auditDump } from './audit-dump.js';
import { ownAccounts } from '../testing/file-model.js';

const accounts = ownAccounts(['S1', 'S2'], 100n);
const tx = (id: string, from: string, to: string, amount: number, seq: number | null) => ({
  id,
  from,
  to,
  amount,
  seq,
});
const paid = tx('1-1', 'S1', 'S2', 60, 1);
const logged = tx('1-2', 'S2', 'S1', 160, 1);

/** One block on both servers, one transfer in the log of S2, one refused and one pending. */
function dump() {
  const block = { seq: 1, ballot: [1, 'S2'], hash: 'b1', previous: 'genesis', txs: [paid] };
  return {
    initial: { S1: 100, S2: 100 },
    servers: {
      S1: { blocks: [{ ...block }], local: [] as object[], balances: { S1: 40, S2: 160 } as Record<string, number> },
      S2: { blocks: [{ ...block }], local: [logged], balances: { S1: 40, S2: 0 } as Record<string, number> },
    },
    acked: [paid, logged],
    rejected: ['1-3'],
    unknown: [tx('1-4', 'S2', 'S1', 5, null)],
    submitted: [paid, logged, tx('1-3', 'S1', 'S2', 500, null), tx('1-4', 'S2', 'S1', 5, null)],
  };
}

const problemsOf = (spoil: (sound: ReturnType<typeof dump>) => void): string => {
  const spoilt = dump();
  spoil(spoilt);
  return auditDump(JSON.stringify(spoilt), accounts).join('\n');
};

test('a sound dump has no problems', () => {
  expect(problemsOf(() => {})).toBe('');
});

test('what was answered by a disk that is lost, and stands nowhere, is no problem, however much it is', () => {
  const gone = ['1-5', '1-6'].map((id, i) => tx(id, 'S2', 'S1', i + 1, null));
  const problems = problemsOf((sound) => {
    (sound.servers as Record<string, object | null>)['S2'] = null;
    sound.acked = [paid, tx('1-2', 'S2', 'S1', 160, null), ...gone];
    sound.submitted.push(...gone);
  });
  expect(problems).toBe('');
});

test('a server that was replaced may execute what its former disk refused', () => {
  const change = { server: 'S1', disk: '00000000000000c1', address: 'h:1' };
  const problems = problemsOf(({ servers, acked, rejected }) => {
    for (const { blocks } of [servers.S1, servers.S2]) Object.assign(blocks[0]!, { change });
    acked.shift();
    rejected.push('1-1');
  });
  expect(problems).toBe('');
});

test.each<[string, Parameters<typeof problemsOf>[0], RegExp]>([
  ['chains that fork', ({ servers }) => (servers.S2.blocks[0]!.hash = 'b2'), /another block at height 1/],
  ['an overdraft', ({ servers }) => (servers.S2.local[0] = { ...logged, amount: 161 }), /overdraws S2 by 1/],
  ['a balance that does not follow', ({ servers }) => (servers.S1.balances['S1'] = 41), /S1 holds 41, and it is 40/],
  ['an acknowledged transfer that is nowhere', ({ servers }) => servers.S2.local.pop(), /1-2 .*in no block/],
  ['a refused transfer that is executed', ({ rejected }) => rejected.push('1-1'), /1-1 .*refused/],
  ['a transfer that is told nothing of', ({ rejected }) => rejected.pop(), /4 were submitted, 3 are accounted for/],
  ['another beginning', ({ initial }) => (initial.S1 = 99), /S1 began with 100, the dump says 99/],
])('%s is noticed', (_, spoil, problem) => {
  expect(problemsOf(spoil)).toMatch(problem);
});
