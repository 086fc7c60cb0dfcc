import { expect, test } from '@jest/globals';
import type { TracedMessage } from '@synod/kernel';
import { addMessages, emptyTrace } from './trace.js';

const message = (timeUs: number, type: string): TracedMessage => {
  return { timeUs, sent: true, from: 'S1', to: 'S2', type, subject: 'one' };
};

test('what passes all the time drives no message of a round out', () => {
  const gossip = Array.from({ length: 10_000 }, (_, i) => message(10 + i, 'status'));
  const trace = addMessages(addMessages(emptyTrace, [message(1, 'prepare')], 0), gossip, 3);
  expect([...trace.messages].map(({ type }) => type)).toEqual(['prepare']);
  expect(trace.background.length).toBeLessThan(1_200);
  expect(trace.background.last!.timeUs).toBe(10_009);
  expect(trace.missed).toBe(3);
});
