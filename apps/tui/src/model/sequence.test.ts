import { describe, expect, test } from '@jest/globals';
import { Sequence } from './sequence.js';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

test('a change leaves the list it was made from as it was', () => {
  const before = Sequence.of([1, 2, 3]);
  expect([...before.append(4)]).toEqual([1, 2, 3, 4]);
  expect([...before.with(1, 9)]).toEqual([1, 9, 3]);
  expect([...before.insert(1, 9)]).toEqual([1, 9, 2, 3]);
  expect([...before]).toEqual([1, 2, 3]);
});

test.each([1, 127, 128, 129, 1000])('%i items, one after the other, stand where they were put', (count) => {
  let list = Sequence.empty<number>();
  for (const i of numbers(count)) list = list.append(i);
  expect(list.length).toBe(count);
  expect(numbers(count).map((i) => list.at(i))).toEqual(numbers(count));
  expect(list.last).toBe(count - 1);
  expect(list.at(-1)).toBeUndefined();
  expect(list.at(count)).toBeUndefined();
});

test.each([0, 1, 127, 128, 255, 300])('an item is inserted at %i of 300', (index) => {
  const expected = numbers(300);
  expected.splice(index, 0, -1);
  expect([...Sequence.of(numbers(300)).insert(index, -1)]).toEqual(expected);
});

describe('the newest are kept', () => {
  test('at least as many as asked for, and less than a chunk more', () => {
    let list = Sequence.empty<number>();
    for (const i of numbers(5000)) {
      list = list.append(i).keepNewest(1000);
      expect(list.last).toBe(i);
      expect(list.length).toBeGreaterThanOrEqual(Math.min(i + 1, 1000));
      expect(list.length).toBeLessThan(1128);
    }
    expect(list.at(0)).toBe(5000 - list.length);
  });
});

test('a slice keeps to the list', () => {
  const list = Sequence.of(numbers(200));
  expect(list.slice(126, 130)).toEqual([126, 127, 128, 129]);
  expect(list.slice(-5, 2)).toEqual([0, 1]);
  expect(list.slice(198, 900)).toEqual([198, 199]);
});
