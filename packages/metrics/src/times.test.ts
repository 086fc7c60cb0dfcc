import { expect, test } from '@jest/globals';
import { Times } from './times.js';

test('what one process recorded is added to what another one did, with all its quantiles', () => {
  const here = new Times();
  const there = new Times();
  for (let ms = 1; ms <= 50; ms++) here.record(ms);
  for (let ms = 51; ms <= 100; ms++) there.record(ms);
  here.add(there.recorded());
  expect(here.count).toBe(100);
  expect(here.totalMs).toBe(5050);
  expect([here.p50Ms, here.quantileMs(90), here.maxMs].map(Math.round)).toEqual([50, 90, 100]);
});

test('nothing was recorded: all is 0', () => {
  const times = new Times();
  times.add(new Times().recorded());
  expect([times.count, times.meanMs, times.p50Ms, times.maxMs]).toEqual([0, 0, 0, 0]);
});
