import { expect, test } from '@jest/globals';
import { Hedging } from './hedging.js';
import type { ServerLink } from './server-link.js';
import { begin, end, noTries, withdraw } from './tries.js';

const link = {} as ServerLink;

test('tries are kept in order, and those beside a first one are counted while they last', () => {
  const hedging = new Hedging(200);
  const one = begin(noTries, link, 1, hedging);
  expect(hedging.underWay).toBe(0);
  const three = begin(begin(one, link, 2, hedging), link, 3, hedging);
  expect(three.map(({ sentAt }) => sentAt)).toEqual([1, 2, 3]);
  expect(hedging.underWay).toBe(2);
  const two = end(three, three[0]!, hedging);
  expect(two.map(({ sentAt }) => sentAt)).toEqual([2, 3]);
  expect(hedging.underWay).toBe(2);
  expect(end(end(two, two[1]!, hedging), two[0]!, hedging)).toEqual([]);
  expect(hedging.underWay).toBe(0);
});

test('what was withdrawn may have reached its server, unless the session says that it was never sent', () => {
  const [begun] = begin(noTries, link, 1, new Hedging(200));
  expect(withdraw(begun!)).toBe(false);
  begun!.submission = { withdraw: () => true };
  expect(withdraw(begun!)).toBe(false);
  begun!.submission = { withdraw: () => false };
  expect(withdraw(begun!)).toBe(true);
});
