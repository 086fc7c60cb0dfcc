import { expect, test } from '@jest/globals';
import { Standing } from './standing.js';

test('is good until it fails, and again after any answer', () => {
  const standing = new Standing();
  expect(standing.isGood).toBe(true);
  standing.failed(100);
  expect(standing.isGood).toBe(false);
  standing.answered(200);
  expect(standing.isGood).toBe(true);
});

test('after it failed one caller looks after it every second', () => {
  const standing = new Standing();
  expect(standing.takeProbe(5_000)).toBe(false);
  standing.failed(100);
  const times = [100, 1_099, 1_100, 1_100, 2_099, 2_100, 2_101];
  expect(times.map((now) => standing.takeProbe(now))).toEqual([false, false, true, false, false, true, false]);
  expect(standing.isGood).toBe(false);
});

test('is quiet since its last answer, for ever without one', () => {
  const standing = new Standing();
  expect(standing.quietMs(1_000)).toBe(Infinity);
  standing.answered(1_000);
  expect(standing.quietMs(1_200)).toBe(200);
});
