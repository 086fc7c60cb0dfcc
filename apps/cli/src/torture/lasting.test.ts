import { expect, test } from '@jest/globals';
import { lasting, lastingAtMost } from './lasting.js';

const over = (signal: AbortSignal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

test('it goes on while a need is open', async () => {
  let asked = 0;
  await over(lasting(0, { isOpen: () => ++asked < 3, seconds: 60 }).signal);
  expect(asked).toBe(3);
});

test('it does not wait for a need for ever', async () => {
  await over(lasting(0, { isOpen: () => true, seconds: 0 }).signal);
});

test('it can be ended', async () => {
  const { signal, release } = lasting(1000);
  release();
  expect(signal.aborted).toBe(true);
});

test('work ends with the time, or with a signal that comes first', async () => {
  await lastingAtMost(new AbortController().signal, 0, undefined, over);
  const stop = new AbortController();
  const work = lastingAtMost(stop.signal, 1000, undefined, over);
  stop.abort();
  await work;
});
