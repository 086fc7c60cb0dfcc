import { expect, jest, test } from '@jest/globals';
import { systemClock } from './system-clock.js';

const at = (time: number): Promise<number> =>
  new Promise((resolve) => systemClock.at(time, () => resolve(systemClock.now())));

test('never rings before its time, though timers count in whole milliseconds', async () => {
  const due = Array.from({ length: 40 }, (_, i) => systemClock.now() + i / 7);
  const rung = await Promise.all(due.map(at));
  rung.forEach((time, i) => expect(time).toBeGreaterThanOrEqual(due[i]!));
});

test('rings at once, but in a later turn, for a time that is past', async () => {
  let rung = false;
  const past = new Promise<void>((resolve) =>
    systemClock.at(systemClock.now() - 1000, () => {
      rung = true;
      resolve();
    }),
  );
  expect(rung).toBe(false);
  await past;
});

test('a cancelled alarm, and one beyond the range of setTimeout, do not ring', async () => {
  const rung: string[] = [];
  const timers = jest.spyOn(globalThis, 'setTimeout');
  const cancel = systemClock.at(systemClock.now() + 1, () => rung.push('cancelled'));
  const cancels = [2 ** 40, Infinity].map((ms) => systemClock.at(systemClock.now() + ms, () => rung.push(`${ms}`)));
  cancel();
  await at(systemClock.now() + 5);
  expect(rung).toEqual([]);
  for (const [, ms] of timers.mock.calls) expect(ms).toBeLessThan(2 ** 31);
  for (const end of cancels) end();
  timers.mockRestore();
});

test('soon runs after what is already waiting', async () => {
  const order: string[] = [];
  const soon = new Promise<void>((resolve) =>
    systemClock.soon(() => {
      order.push('soon');
      resolve();
    }),
  );
  queueMicrotask(() => order.push('waiting'));
  await soon;
  expect(order).toEqual(['waiting', 'soon']);
});
