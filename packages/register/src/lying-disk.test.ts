// What a register can not survive, and why the simulation leaves it out unless it is asked for.
import { expect, test } from '@jest/globals';
import { shrink, violationOf, type Schedule } from '@synod/simulator';
import { registerSystem, type RegisterOperation } from './simulation/register-system.js';

/** S2 acknowledges a write that is not durable, and loses power. */
const smallest: Schedule<RegisterOperation> = {
  system: 'register',
  seed: 1,
  nodes: ['S1', 'S2', 'S3'],
  network: {},
  disk: {},
  limits: {},
  forMs: 1000,
  faults: [{ at: 100, kind: 'lying-fsync', node: 'S2', forMs: 150, kept: 0, downMs: 50 }],
  operations: [
    { at: 150, type: 'write', key: 'any', node: 'S3' },
    { at: 400, type: 'read', key: 'any', node: 'S3' },
  ],
};
const forgotten = /S2 shows any at nothing and acknowledged 1/;

test('a disk that confirms what it forgets: the replica answers with less than it acknowledged', () => {
  expect(violationOf(registerSystem, smallest)?.what).toMatch(forgotten);
  const honest = { ...smallest, faults: [{ at: 100, kind: 'crash', node: 'S2', forMs: 150 } as const] };
  expect(violationOf(registerSystem, honest)).toBeUndefined();
});

test('shrinking finds that schedule among hundreds of operations and other faults', () => {
  const planned = registerSystem.plan(1, { nodes: 3 });
  const hidden: Schedule<RegisterOperation> = {
    ...planned,
    faults: [...planned.faults, ...smallest.faults],
    operations: [...planned.operations, ...smallest.operations],
  };
  const { violation } = shrink(registerSystem, violationOf(registerSystem, hidden)!);
  expect(violation.what).toMatch(/S\d shows \w+ at \w+ and acknowledged \d+/);
  expect(violation.schedule!.faults.map(({ kind }) => kind)).toEqual(['lying-fsync']);
  expect(violation.schedule!.operations.length).toBeLessThanOrEqual(3);
});
