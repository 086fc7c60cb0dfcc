import { describe, expect, test } from '@jest/globals';
import { readBalances, writeBalances } from './snapshot.js';
import { LoneHome } from './testing/lone-home.js';

const balances = { S1: 30n, S2: 150n, S3: 120n };

function behind(): LoneHome {
  const home = new LoneHome({ queueRounds: 'on-request' });
  for (const peer of ['S2', 'S3']) home.link(peer);
  return home;
}

describe('a home that is far behind', () => {
  test('takes over the balances, and what the chain holds leaves the log, in one write', () => {
    const home = behind();
    home.transfer('a', '60 to S2');
    home.transfer('b', '10 to S3');
    home.transfer('c', '5 to S3');
    expect(home.snapshot('S2', 7, balances, { S1: 2, S3: 4 })).toEqual([
      'write -entry 1 a, -entry 2 b, S1=30, S2=150, S3=120',
    ]);
    expect(home.spendable()).toBe(25n); // c is still in the log
    expect(home.keys('state/log/').length).toBe(1);
  });

  test('goes on with the numbers and balances after a restart', () => {
    const home = behind();
    home.transfer('a', '60 to S2');
    home.snapshot('S2', 7, balances, { S1: 1, S3: 4 });
    home.restart();
    expect(home.spendable()).toBe(30n);
    expect(home.transfer('b', '30 to S2')).toEqual(['write entry 2 b, outcome b local', '3: local 2']);
  });

  test('answers those who wait for a commit', () => {
    const home = behind();
    home.transfer('a', '60 to S2', { durability: 'committed' });
    home.transfer('b', '1 to S2', { durability: 'committed' });
    expect(home.snapshot('S2', 7, balances, { S1: 1 })).toContain('1: local 1 committed');
  });

  test('executes the heads of queues that are covered now', () => {
    const home = behind();
    home.transfer('a', '110 to S2');
    home.promise('S2');
    home.promise('S3');
    expect(home.snapshot('S2', 7, { S1: 120n, S2: 100n, S3: 80n }, { S3: 1 })).toEqual([
      'write S1=120, S3=80, -queue a, entry 1 a, outcome a consensus',
    ]);
  });

  test('still knows what became of a transfer that a skipped block holds', () => {
    const home = behind();
    home.transfer('a', '60 to S2');
    home.snapshot('S2', 7, balances, { S1: 1 });
    expect(home.transfer('a', '60 to S2')).toEqual(['2: local 1 committed']);
    expect(home.transfer('a', '61 to S2')[0]).toContain('id_conflict');
  });

  test.each([
    ['other accounts', { S1: 150n, S2: 150n }, {}, 'a snapshot holds 300 in 2 accounts'],
    ['another sum', { ...balances, S1: 31n }, {}, 'a snapshot holds 301'],
    ['less than its own log has spent', { S1: 10n, S2: 170n, S3: 120n }, {}, 'leaves S1 less'],
    ['entries that it never made', balances, { S1: 2 }, 'its log ends at 1'],
  ])('stops at a snapshot of %s', (_what, told, sequences, complaint) => {
    const home = behind();
    home.transfer('a', '60 to S2');
    expect(() => home.snapshot('S2', 7, told, sequences)).toThrow(complaint);
  });
});

test('balances come back as they were written', () => {
  const written = new Map([
    ['S1', 0n],
    ['Zoë', 2n ** 64n - 1n],
  ]);
  expect(readBalances(writeBalances(written))).toEqual(written);
});
