import { expect, test } from '@jest/globals';
import { missingBlocks } from './missing-blocks.js';

test.each([
  [[], 0, undefined],
  [[1, 2, 3], 3, undefined],
  [[1, 2, 3, 4], 3, undefined], // the chain grew while it was read
  [[], 3, { from: 1, to: 3 }],
  [[1, 2], 5, { from: 3, to: 5 }],
  [[1, 6, 7], 7, { from: 2, to: 5 }],
  [[7], 7, { from: 1, to: 6 }],
])('of the blocks %j up to height %i', (heights, height, missing) => {
  expect(
    missingBlocks(
      heights.map((one) => ({ height: one })),
      height,
    ),
  ).toEqual(missing);
});
