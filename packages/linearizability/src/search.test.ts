import { describe, expect, test } from '@jest/globals';
import { search, type Call, type Model } from './index.js';

/** A queue of texts: what goes in first comes out first. */
const queue: Model<readonly string[], { put: string } | 'take', string | undefined> = {
  init: () => [],
  step: (items, input, result) => {
    if (input !== 'take') return { state: [...items, input.put] };
    if (items.length === 0 || (result !== undefined && result !== items[0])) return undefined;
    return { state: items.slice(1) };
  },
  identify: (items) => items.join(),
};
type QueueCall = Call<{ put: string } | 'take', string | undefined>;

const put = (item: string, start: number, end: number): QueueCall => ({
  input: { put: item },
  start,
  returned: { result: undefined, end },
});
const take = (result: string, start: number, end: number): QueueCall => ({
  input: 'take',
  start,
  returned: { result, end },
});

describe('any object that is described by three functions', () => {
  test.each<[string, QueueCall[], string]>([
    ['in order', [put('a', 0, 1), put('b', 2, 3), take('a', 4, 5), take('b', 6, 7)], 'linearizable'],
    ['at the same time, in either order', [put('a', 0, 9), put('b', 0, 9), take('b', 10, 11)], 'linearizable'],
    ['out of order', [put('a', 0, 1), put('b', 2, 3), take('b', 4, 5)], 'violated'],
    ['taken twice', [put('a', 0, 1), take('a', 2, 9), take('a', 2, 9)], 'violated'],
  ])('%s', (_, calls, verdict) => {
    expect(search(queue, calls)).toBe(verdict);
    expect(search(queue, calls.toReversed())).toBe(verdict);
  });

  test('a call that never returned may have happened or not', () => {
    const lost: QueueCall = { input: 'take', start: 2, returned: undefined };
    const items = [put('a', 0, 1), put('b', 2, 3)];
    expect(search(queue, [...items, lost, take('b', 4, 5)])).toBe('linearizable');
    expect(search(queue, [...items, lost, take('a', 4, 5)])).toBe('linearizable');
  });
});

test('a call that could not have happened, and never returned, did not', () => {
  const lost: QueueCall = { input: 'take', start: 2, returned: undefined };
  expect(search(queue, [put('a', 0, 1), take('a', 2, 3), lost])).toBe('linearizable');
});

test('what was visited is not visited again: 16 alike at a time take few steps', () => {
  const alike = Array.from({ length: 16 }, () => put('a', 0, 9));
  // 16! orders, but 2^16 sets of what has been placed.
  expect(search(queue, [...alike, take('b', 10, 11)], { maxSteps: 2 ** 16 * 17 * 2 })).toBe('violated');
});
