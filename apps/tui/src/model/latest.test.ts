import { expect, jest, test } from '@jest/globals';
import { latest } from './latest.js';

test('the same again is not made again', () => {
  const make = jest.fn((a: object, ...rest: readonly object[]) => [a, ...rest]);
  const remembered = latest(make);
  const [a, b] = [{}, {}];
  expect(remembered(a, b)).toBe(remembered(a, b));
  expect(make).toHaveBeenCalledTimes(1);
  expect(remembered(a)).toEqual([a]);
  expect(remembered(b)).toEqual([b]);
  expect(make).toHaveBeenCalledTimes(3);
});
