import { expect, test } from '@jest/globals';
import { violationOf, type Schedule } from '@synod/simulator';
import { registerSystem, type RegisterOperation } from './register-system.js';

/**
 * Found as seed 5381 of 10,000. S4 is paused while it is asked to replace S5, S1 does it, and S5 is to be replaced again:
 * what S4 then says of the first time was taken for the answer to the second, which nobody was asked for any more.
 */
const twice: Schedule<RegisterOperation> = {
  system: 'register',
  seed: 5381,
  nodes: ['S1', 'S2', 'S3', 'S4', 'S5'],
  network: { delayMs: [0.2, 2] },
  disk: { writeMs: [5, 40] },
  limits: {},
  forMs: 30_000,
  faults: [
    {
      at: 15_874.77612175714,
      kind: 'partition',
      forMs: 2376.683859671078,
      groups: [
        ['S1', 'S2', 'S3', 'S5'],
        ['S4', "S5'"],
      ],
    },
    { at: 17_976.672702773692, kind: 'pause', node: 'S4', forMs: 3631.2813038568456 },
  ],
  operations: [
    { at: 15_875.407256305518, type: 'replace', node: 'S5', by: 'S4', former: 'back' },
    { at: 21_473.06127239494, type: 'replace', node: 'S5', by: 'S4', former: 'gone' },
  ],
};

test('a late answer to one replacement is no answer to the next', () => {
  expect(violationOf(registerSystem, twice)).toBeUndefined();
});

/**
 * Found as seed 3345 of 10,000. S2 is replaced and loses that disk too, as answers to its introduction are on their way:
 * the next disk, which waits to replace it, took them for its own, and was then refused as the disk that S2 had.
 */
const answered: Schedule<RegisterOperation> = {
  system: 'register',
  seed: 3345,
  nodes: ['S1', 'S2', 'S3'],
  network: { delayMs: [0.2, 2] },
  disk: { writeMs: [0.2, 2] },
  limits: { pageCells: 1 },
  forMs: 30_000,
  faults: [],
  operations: [
    { at: 17_406.912729990625, type: 'replace', node: 'S2', by: 'S1', former: 'back' },
    { at: 17_411.293038643442, type: 'read', key: 'part', node: 'S2' },
    { at: 18_061.490400185252, type: 'replace', node: 'S2', by: 'S1', former: 'gone' },
  ],
};

test('a disk that waits to replace another takes no answer to what that one said', () => {
  expect(violationOf(registerSystem, answered)).toBeUndefined();
});
