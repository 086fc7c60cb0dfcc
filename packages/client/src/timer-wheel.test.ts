import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { TimerWheel, type Timed } from './timer-wheel.js';

class Alarm implements Timed {
  due = 0;
  readonly rang: number[] = [];
  onDue(): void {
    this.rang.push(performance.now());
  }
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test.each([0, 1, 10, 95, 5_120, 5_121, 30_000])('rings once after %d ms, never early, at most two ticks late', (ms) => {
  const wheel = new TimerWheel();
  const alarm = new Alarm();
  const begin = performance.now();
  wheel.set(alarm, ms);
  jest.advanceTimersByTime(40_000);
  expect(alarm.rang).toHaveLength(1);
  expect(alarm.rang[0]! - begin).toBeGreaterThanOrEqual(ms);
  expect(alarm.rang[0]! - begin).toBeLessThanOrEqual(ms + 20);
});

test('what is cleared does not ring; what is set again rings only then', () => {
  const wheel = new TimerWheel();
  const [cleared, moved] = [new Alarm(), new Alarm()];
  const begin = performance.now();
  wheel.set(cleared, 100);
  wheel.set(moved, 100);
  wheel.clear(cleared);
  wheel.clear(cleared);
  wheel.set(moved, 300);
  jest.advanceTimersByTime(1_000);
  expect(cleared.rang).toEqual([]);
  expect(moved.rang).toHaveLength(1);
  expect(moved.rang[0]! - begin).toBeGreaterThanOrEqual(300);
});

test('stands still while nothing waits, and starts again', () => {
  const wheel = new TimerWheel();
  const alarm = new Alarm();
  expect(jest.getTimerCount()).toBe(0);
  for (let round = 1; round <= 2; round++) {
    wheel.set(alarm, 50);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(10_000);
    expect(alarm.rang).toHaveLength(round);
    expect(jest.getTimerCount()).toBe(0);
  }
});

test('who rings may set and clear others, and itself', () => {
  const wheel = new TimerWheel();
  const [first, second] = [new Alarm(), new Alarm()];
  const times: number[] = [];
  first.onDue = () => {
    times.push(performance.now());
    wheel.clear(second);
    if (times.length < 3) wheel.set(first, 0);
  };
  wheel.set(first, 20);
  wheel.set(second, 20);
  jest.advanceTimersByTime(1_000);
  expect(times).toHaveLength(3);
  expect(new Set(times).size).toBe(3);
  expect(second.rang).toEqual([]);
});

test('after a long pause of the process everything overdue rings', () => {
  const wheel = new TimerWheel();
  const alarms = Array.from({ length: 600 }, () => new Alarm());
  for (const [i, alarm] of alarms.entries()) wheel.set(alarm, i * 20);
  jest.setSystemTime(Date.now());
  jest.advanceTimersByTime(30_000);
  expect(alarms.every(({ rang }) => rang.length === 1)).toBe(true);
});
