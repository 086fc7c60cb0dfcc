// What becomes of a register whose disk confirms what it does not keep; and what no register can survive, which is why the
// simulation leaves it out unless it is asked for.
import { expect, test } from '@jest/globals';
import { execute, shrink, violationOf, type Fault, type Schedule, type Timed } from '@synod/simulator';
import { registerSystem, type RegisterOperation } from './simulation/register-system.js';

/** S2 acknowledges a write that is not durable, and loses power. */
function smallest(fault: Timed<Fault>): Schedule<RegisterOperation> {
  return {
    system: 'register',
    seed: 1,
    nodes: ['S1', 'S2', 'S3'],
    network: {},
    disk: {},
    limits: {},
    forMs: 2000,
    faults: [fault],
    operations: [
      { at: 150, type: 'write', key: 'any', node: 'S3' },
      { at: 400, type: 'read', key: 'any', node: 'S3' },
    ],
  };
}
const begin = { at: 100, node: 'S2', forMs: 150, kept: 0, downMs: 50 } as const;

test('a disk that forgets what peers were told: they refuse the node, which starts empty and copies all of them', () => {
  const schedule = smallest({ ...begin, kind: 'lying-fsync', forMs: 700 });
  const { counts } = execute(registerSystem, {
    ...schedule,
    operations: [
      ...[150, 400, 600].map((at) => ({ at, type: 'write', key: 'any', node: 'S3' }) as const),
      { at: 1200, type: 'read', key: 'any', node: 'S2' },
    ],
  });
  expect(counts.faults).toEqual({ 'lying-fsync': 1 });
  expect(counts.incidents).toMatchObject({ 'disk-lost': 1, restart: 2 });
  expect(counts.incidents.refuse).toBeGreaterThan(0);
  expect(counts.messages['page']).toBeGreaterThan(0);
});

test('a disk that forgets what one peer alone was told, and has not written down: no promise, so it does not happen', () => {
  const { counts } = execute(registerSystem, smallest({ ...begin, kind: 'lying-fsync' }));
  expect([counts.faults, counts.incidents.refuse]).toEqual([{}, undefined]);
});

const shown = /S2 shows any at nothing and acknowledged 1/;

test('a disk that counts what it lost: the replica answers with less than it acknowledged', () => {
  const schedule = smallest({ ...begin, kind: 'lost-write' });
  expect(violationOf(registerSystem, schedule)?.what).toMatch(shown);
  const honest = smallest({ at: 100, kind: 'crash', node: 'S2', forMs: 150 });
  expect(violationOf(registerSystem, honest)).toBeUndefined();
});

test('shrinking finds that schedule among hundreds of operations and other faults', () => {
  const planned = registerSystem.plan(3, { nodes: 3 });
  const { faults, operations } = smallest({ ...begin, kind: 'lost-write' });
  const hidden: Schedule<RegisterOperation> = {
    ...planned,
    faults: [...planned.faults, ...faults],
    operations: [...planned.operations, ...operations],
  };
  const { violation } = shrink(registerSystem, violationOf(registerSystem, hidden)!);
  expect(violation.what).toMatch(/S\d shows \w+ at \w+ and acknowledged \d+/);
  expect(violation.schedule!.faults.map(({ kind }) => kind)).toEqual(['lost-write']);
  expect(violation.schedule!.operations.length).toBeLessThanOrEqual(3);
});
