import { expect, test } from '@jest/globals';
import { Standing } from './standing.js';

test('a server against which nothing speaks has its turn, one that failed has not', () => {
  const standing = new Standing();
  expect(standing.takeTurn(0)).toBe(true);
  standing.failed(100);
  expect(standing.takeTurn(100)).toBe(false);
  expect(standing.takeTurn(3_099)).toBe(false);
});

test('one that failed has a turn every few seconds, for one caller alone', () => {
  const standing = new Standing();
  standing.failed(100);
  expect([3_100, 3_100, 6_099, 6_100, 6_101].map((now) => standing.takeTurn(now))).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
});

test('any answer makes it one of the others again', () => {
  const standing = new Standing();
  standing.failed(100);
  standing.answered(200);
  expect([200, 201].map((now) => standing.takeTurn(now))).toEqual([true, true]);
});

test('is quiet since its last answer, for ever without one', () => {
  const standing = new Standing();
  expect(standing.quietMs(1_000)).toBe(Infinity);
  standing.answered(1_000);
  expect(standing.quietMs(1_200)).toBe(200);
});
