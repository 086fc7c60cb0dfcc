// What becomes of a ledger whose disk confirms what it does not keep; and what no ledger can survive, which is why the
// simulation leaves it out unless it is asked for.
import { expect, test } from '@jest/globals';
import { execute, violationOf, type Fault, type Schedule, type Timed } from '@synod/simulator';
import { ledgerSystem, type LedgerOperation } from './simulation/ledger-system.js';

const transfer = { type: 'transfer', to: 'S2', short: 'queue', durability: 'local' } as const;

/** S3 answers a transfer that is not durable, S1's shortage puts it into a block, and S3 loses power. */
function smallest(fault: Timed<Fault>): Schedule<LedgerOperation> {
  return {
    system: 'ledger',
    seed: 1,
    nodes: ['S1', 'S2', 'S3'],
    network: {},
    disk: {},
    limits: {},
    forMs: 3000,
    faults: [fault],
    operations: [
      { at: 150, ...transfer, id: 't1', from: 'S3', amount: 20 },
      { at: 200, ...transfer, id: 't2', from: 'S1', amount: 110 },
    ],
  };
}
const begin = { at: 100, node: 'S3', forMs: 1000, kept: 0, downMs: 50 } as const;

test('a disk that forgets what peers were told: they refuse the server, which serves no more; the others go on', () => {
  const schedule = smallest({ ...begin, kind: 'lying-fsync' });
  const { counts, answers } = execute(ledgerSystem, {
    ...schedule,
    operations: [
      ...schedule.operations,
      { at: 600, ...transfer, id: 't3', from: 'S2', to: 'S1', amount: 130 },
      { at: 1500, ...transfer, id: 't4', from: 'S1', amount: 1 },
    ],
  });
  expect([counts.faults, counts.incidents.restart]).toEqual([{ 'lying-fsync': 1 }, 1]);
  expect(counts.incidents.refuse).toBeGreaterThan(0);
  expect(answers.local).toBeGreaterThan(0);
});

test('a disk that counts what it lost: the home can not account for its own transfer', () => {
  const schedule = smallest({ ...begin, kind: 'lost-write' });
  expect(violationOf(ledgerSystem, schedule)?.what).toMatch(/a block holds entry 1 of S3, its log does not/);
  const honest = smallest({ at: 100, kind: 'crash', node: 'S3', forMs: 1000 });
  expect(violationOf(ledgerSystem, honest)).toBeUndefined();
});

test('and without a block: a transfer that was answered is gone', () => {
  const schedule = smallest({ ...begin, kind: 'lost-write' });
  const alone = { ...schedule, operations: schedule.operations.slice(0, 1) };
  expect(violationOf(ledgerSystem, alone)?.what).toMatch(/t1/);
});
