import { expect, test } from '@jest/globals';
import { findConflict, type Zone } from './zones.js';

const zone = (value: string, firstEnd: number, lastStart: number): Zone => ({
  value,
  firstEnd,
  lastStart,
  operations: [],
});

test.each([
  ['forward zones that overlap', zone('a', 1, 4), zone('b', 2, 5)],
  ['forward zones, one inside the other', zone('a', 1, 9), zone('b', 2, 5)],
  ['a backward zone inside a forward one', zone('a', 1, 9), zone('b', 5, 2)],
])('%s: a conflict, whichever side they stand on, and though each stands on both', (_, a, b) => {
  expect(findConflict([a], [b])).toEqual([a, b]);
  expect(findConflict([b], [a])).toEqual([b, a]);
  expect(findConflict([a], [b, a])).toEqual([a, b]);
  expect(findConflict([b], [a, b])).toEqual([b, a]);
});

test.each([
  ['forward zones that touch', zone('a', 1, 4), zone('b', 4, 5)],
  ['a backward zone that sticks out', zone('a', 1, 9), zone('b', 10, 2)],
  ['a backward zone that touches the end', zone('a', 1, 9), zone('b', 9, 2)],
  ['backward zones that overlap', zone('a', 4, 1), zone('b', 5, 2)],
  ['zones of one value', zone('a', 1, 4), zone('a', 2, 5)],
])('%s: no conflict', (_, a, b) => {
  expect(findConflict([a, b], [a, b])).toBeUndefined();
});
