import { expect, test } from '@jest/globals';
import { Backoff } from './backoff.js';

test('waits nothing at first, then ever longer up to a second, never the same for all', () => {
  const backoff = new Backoff();
  const waits = Array.from({ length: 12 }, () => backoff.next());
  expect(waits[0]).toBe(0);
  for (const [i, wait] of waits.slice(1).entries()) {
    const limit = Math.min(50 * 2 ** i, 1_000);
    expect(wait).toBeGreaterThanOrEqual(limit / 2);
    expect(wait).toBeLessThanOrEqual(limit);
  }
  expect(new Set(waits).size).toBe(12);
});

test('begins anew after a success', () => {
  const backoff = new Backoff();
  for (let i = 0; i < 8; i++) backoff.next();
  backoff.reset();
  expect(backoff.next()).toBe(0);
  expect(backoff.next()).toBeLessThanOrEqual(50);
});
