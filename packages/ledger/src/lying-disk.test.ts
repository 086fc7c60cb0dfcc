// What a ledger can not survive, and why the simulation leaves it out unless it is asked for.
import { expect, test } from '@jest/globals';
import { violationOf, type Schedule } from '@synod/simulator';
import { ledgerSystem, type LedgerOperation } from './simulation/ledger-system.js';

const transfer = { type: 'transfer', to: 'S2', short: 'queue', durability: 'local' } as const;

/** S3 answers a transfer that is not durable, S1's shortage puts it into a block, and S3 loses power. */
const smallest: Schedule<LedgerOperation> = {
  system: 'ledger',
  seed: 1,
  nodes: ['S1', 'S2', 'S3'],
  network: {},
  disk: {},
  limits: {},
  forMs: 3000,
  faults: [{ at: 100, kind: 'lying-fsync', node: 'S3', forMs: 1000, kept: 0, downMs: 50 }],
  operations: [
    { at: 150, ...transfer, id: 't1', from: 'S3', amount: 20 },
    { at: 200, ...transfer, id: 't2', from: 'S1', amount: 110 },
  ],
};

test('a disk that confirms what it forgets: the home can not account for its own transfer', () => {
  expect(violationOf(ledgerSystem, smallest)?.what).toMatch(/a block holds entry 1 of S3, its log does not/);
  const honest = { ...smallest, faults: [{ at: 100, kind: 'crash', node: 'S3', forMs: 1000 } as const] };
  expect(violationOf(ledgerSystem, honest)).toBeUndefined();
});

test('and without a block: a transfer that was answered is gone', () => {
  const alone = { ...smallest, operations: smallest.operations.slice(0, 1) };
  expect(violationOf(ledgerSystem, alone)?.what).toMatch(/t1/);
});
