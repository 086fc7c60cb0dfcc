import { expect, test } from '@jest/globals';
import { Fifo } from './fifo.js';

test('is a queue in which every item has its place, however many have gone before', () => {
  const fifo = new Fifo<number>();
  expect([fifo.length, fifo.at(0), fifo.shift()]).toEqual([0, undefined, undefined]);
  let [pushed, shifted] = [0, 0];
  for (const [push, shift] of [
    [5000, 3000],
    [1, 2001],
    [3000, 2999],
    [2000, 0],
  ] as const) {
    for (let i = 0; i < push; i++) fifo.push(pushed++);
    for (let i = 0; i < shift; i++) expect(fifo.shift()).toBe(shifted++);
    const { length } = fifo;
    expect(length).toBe(pushed - shifted);
    expect([-1, 0, length - 1, length].map((place) => fifo.at(place))).toEqual(
      [undefined, shifted, pushed - 1, undefined].map((item) => (length === 0 ? undefined : item)),
    );
    expect([...fifo]).toEqual(Array.from({ length }, (_, i) => shifted + i));
  }
});
