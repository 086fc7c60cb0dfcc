import { expect, test } from '@jest/globals';
import { addRate, noRates } from './rates.js';

const values = (...rates: readonly (readonly [ms: number, rate: number])[]) =>
  rates.reduce((before, [ms, rate]) => addRate(before, ms, rate), noRates).values;

test('one value a second: the newest of it counts', () => {
  expect(values([1_000, 1], [1_400, 2], [1_900, 3], [2_000, 4])).toEqual([3, 4]);
});

test('seconds without a report go on as the one before', () => {
  expect(values([1_000, 5], [4_000, 1])).toEqual([5, 5, 5, 1]);
});

test('two minutes are remembered, also after a night of silence', () => {
  expect(values([0, 5], [100_000_000, 1])).toHaveLength(120);
  const long = values(...Array.from({ length: 500 }, (_, i) => [i * 1_000, i] as const));
  expect([long.length, long[0], long.at(-1)]).toEqual([120, 380, 499]);
});

test('a clock that goes back makes no new second', () => {
  expect(values([5_000, 1], [3_000, 2])).toEqual([2]);
});
