import { describe, expect, test } from '@jest/globals';
import type { ShortPolicy } from '@synod/ledger';
import { readTransactionFile } from '@synod/ledger/file';
import { ownAccounts, playOnPaper } from './file-model.js';
import { randomFile } from './random-file.js';

const five = ['S1', 'S2', 'S3', 'S4', 'S5'];

/** What a file leaves where five servers are the homes of one account each, every account with 100. */
function play(text: string, short: ShortPolicy = 'queue') {
  const file = readTransactionFile(text, { servers: five, accounts: new Map(five.map((id) => [id, id])) });
  return playOnPaper(file, { servers: five, accounts: ownAccounts(five, 100n), short });
}

/** Everything below was worked out by hand from the rules. */
describe('on paper', () => {
  test('the example of the rules: one block of four, the fifth transfer in the log of S1', () => {
    const [set] = play('1,"(S1,S3,45) ; (S3,S5,55) ; (S2,S4,30) ; (S5,S1,50) ; (S1,S3,75)","[S1,S2,S3,S4,S5]"');
    expect(set).toMatchObject({
      status: { '1-1': 'local', '1-2': 'local', '1-3': 'local', '1-4': 'local', '1-5': 'consensus' },
      own: { S1: 30n, S2: 70n, S3: 90n, S4: 130n, S5: 105n },
      settled: { S1: 30n, S2: 70n, S3: 165n, S4: 130n, S5: 105n },
      blocks: { S1: 1, S2: 1, S3: 1, S4: 1, S5: 1 },
    });
    expect(set!.map['S2']).toEqual({ S1: 105n, S2: 70n, S3: 90n, S4: 130n, S5: 105n });
  });

  test('a majority is one of all servers: two of five hold no round, and what is short waits at once', () => {
    const [set] = play('1,"(S1,S2,60) ; (S2,S1,150) ; (S2,S1,10)","[S1,S2]"');
    expect(set).toMatchObject({
      status: { '1-1': 'local', '1-2': 'pending', '1-3': 'pending' },
      pending: ['1-2', '1-3'],
      blocks: { S1: 0 },
    });
  });

  test('who is not live does not transfer, is not gathered from and gets no block', () => {
    const [set] = play('1,"(S5,S1,60) ; (S4,S5,90) ; (S1,S2,150)","[S1,S2,S3]"\n2,"(S5,S1,90)","[S4,S5]"', 'reject');
    expect(set).toMatchObject({ status: { '1-1': 'skipped', '1-2': 'skipped', '1-3': 'rejected' }, blocks: { S4: 0 } });
  });

  test('an empty round makes no block', () => {
    const [set] = play('1,"(S1,S2,101)","[S1,S2,S3,S4,S5]"');
    expect(set).toMatchObject({ status: { '1-1': 'pending' }, blocks: { S1: 0, S5: 0 } });
  });

  test('a block executes heads of other queues, and those credit nobody before the next block', () => {
    const [, set] = play(`1,"(S1,S2,150) ; (S2,S3,40)","[S1,S2]"
2,"(S3,S1,50) ; (S4,S5,101)","[S1,S2,S3,S4,S5]"`);
    // The round for S4 gathers both logs, 40 of S2 and 50 of S3; S1 then covers its 150.
    expect(set).toMatchObject({
      status: { '2-1': 'local', '2-2': 'pending' },
      late: { '1-1': 'consensus' },
      own: { S1: 0n, S2: 60n, S3: 90n, S4: 100n, S5: 100n },
      settled: { S1: 0n, S2: 210n, S3: 90n, S4: 100n, S5: 100n },
      pending: ['2-2'],
      blocks: { S1: 2 },
    });
  });

  test('a set begins with an attempt of what is pending, before its own transfers', () => {
    const [, set] = play(`1,"(S1,S2,150) ; (S2,S1,50)","[S1,S2]"
2,"(S1,S2,1)","[S1,S2,S3]"`);
    expect(set).toMatchObject({
      late: { '1-1': 'consensus' },
      status: { '2-1': 'pending' },
      own: { S1: 0n, S2: 200n },
      // The attempt makes the first block, the new transfer the second, which holds what the first one executed.
      blocks: { S1: 2, S2: 2, S3: 2, S4: 0, S5: 0 },
    });
  });

  test('blocks that come with a new live list execute heads too', () => {
    const [, , set] = play(`1,"(S1,S2,150)","[S1,S2]"
2,"(S2,S1,60) ; (S3,S4,101)","[S2,S3,S4]"
3,"(S5,S4,1)","[S1,S2]"`);
    expect(set).toMatchObject({
      late: { '1-1': 'consensus' },
      status: { '3-1': 'skipped' },
      own: { S1: 10n, S2: 40n },
      blocks: { S1: 1, S2: 1, S3: 1, S4: 1, S5: 0 },
    });
  });

  test('more than there is in all is refused and never waits', () => {
    const [set] = play('1,"(S1,S2,501) ; (S1,S2,100)","[S1,S2,S3,S4,S5]"');
    expect(set).toMatchObject({ status: { '1-1': 'rejected', '1-2': 'local' }, pending: [] });
  });
});

test('random files go into every corner', () => {
  const { file } = randomFile(1, { servers: five, sets: 12, transfers: 12 });
  const results = playOnPaper(file, { servers: five, accounts: ownAccounts(five, 100n), short: 'queue' });
  const count = (fate: string) =>
    results.flatMap(({ status }) => Object.values(status)).filter((f) => f === fate).length;
  for (const fate of ['local', 'consensus', 'pending', 'skipped']) expect(count(fate)).toBeGreaterThan(5);
  expect(results.filter(({ late }) => late).length).toBeGreaterThan(2);
  expect(results.filter(({ live }) => live.length < 3).length).toBeGreaterThan(0);
  expect(results.filter(({ blocks }) => new Set(Object.values(blocks)).size > 1).length).toBeGreaterThan(2);
});
