import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { TimerWheel, type Timed } from './timer-wheel.js';

class Alarm implements Timed {
  due = 0;
  before: Timed | undefined;
  after: Timed | undefined;
  readonly rang: number[] = [];
  readonly gaveUp: string[] = [];
  onDue(): void {
    this.rang.push(performance.now());
  }
  giveUp(why: string): void {
    this.gaveUp.push(why);
  }
}

function inMs(ms: number): number {
  return performance.now() + ms;
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
  wheel.set(alarm, inMs(ms));
  jest.advanceTimersByTime(40_000);
  expect(alarm.rang).toHaveLength(1);
  expect(alarm.rang[0]! - begin).toBeGreaterThanOrEqual(ms);
  expect(alarm.rang[0]! - begin).toBeLessThanOrEqual(ms + 20);
});

test('what is cleared does not ring; what is set again rings only then', () => {
  const wheel = new TimerWheel();
  const [cleared, moved] = [new Alarm(), new Alarm()];
  const begin = performance.now();
  wheel.set(cleared, inMs(100));
  wheel.set(moved, inMs(100));
  wheel.clear(cleared);
  wheel.clear(cleared);
  wheel.set(moved, inMs(300));
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
    wheel.set(alarm, inMs(50));
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
    if (times.length < 3) wheel.set(first, inMs(0));
  };
  wheel.set(second, inMs(20));
  wheel.set(first, inMs(20));
  jest.advanceTimersByTime(1_000);
  expect(times).toHaveLength(3);
  expect(new Set(times).size).toBe(3);
  expect(second.rang).toEqual([]);
});

test('after a long pause of the process everything overdue rings', () => {
  const wheel = new TimerWheel();
  const alarms = Array.from({ length: 600 }, () => new Alarm());
  for (const [i, alarm] of alarms.entries()) wheel.set(alarm, inMs(i * 20));
  jest.advanceTimersByTime(30_000);
  expect(alarms.every(({ rang }) => rang.length === 1)).toBe(true);
});

test('neighbours of one tick do not depend on one another', () => {
  const wheel = new TimerWheel();
  const alarms = Array.from({ length: 5 }, () => new Alarm());
  for (const alarm of alarms) wheel.set(alarm, inMs(50));
  for (const i of [0, 4, 2]) wheel.clear(alarms[i]!);
  wheel.set(alarms[2]!, inMs(50));
  jest.advanceTimersByTime(100);
  expect(alarms.map(({ rang }) => rang.length)).toEqual([0, 1, 1, 1, 0]);
});

test('when it is closed everything that waits gives up, once', () => {
  const wheel = new TimerWheel();
  const alarms = Array.from({ length: 20 }, () => new Alarm());
  for (const [i, alarm] of alarms.entries()) wheel.set(alarm, inMs(i * 600));
  wheel.close('closed');
  wheel.close('again');
  jest.advanceTimersByTime(20_000);
  expect(alarms.every(({ rang, gaveUp }) => rang.length === 0 && gaveUp.join() === 'closed')).toBe(true);
  expect(jest.getTimerCount()).toBe(0);
});
