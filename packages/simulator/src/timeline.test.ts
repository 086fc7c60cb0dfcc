import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Timeline } from './timeline.js';

function runAll(timeline: Timeline): void {
  while (timeline.advance(Infinity));
}

test('events happen in order of time, those of one instant in the order in which they were scheduled', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const timeline = new Timeline();
      const happened: { time: number; index: number }[] = [];
      times.forEach((time, index) => timeline.schedule(time, () => happened.push({ time: timeline.now, index })));
      runAll(timeline);
      const expected = times
        .map((time, index) => ({ time, index }))
        .sort((a, b) => a.time - b.time || a.index - b.index);
      expect(happened).toEqual(expected);
    }),
  );
});

test('an event may schedule others: for the past means now, after what is there already', () => {
  const timeline = new Timeline();
  const order: string[] = [];
  timeline.schedule(5, () => {
    order.push('first');
    timeline.schedule(1, () => order.push(`late at ${timeline.now}`));
  });
  timeline.schedule(5, () => order.push('second'));
  runAll(timeline);
  expect(order).toEqual(['first', 'second', 'late at 5']);
});

test('a cancelled event does not happen', () => {
  const timeline = new Timeline();
  const event = timeline.schedule(1, () => {
    throw new Error('happened');
  });
  event.task = undefined;
  expect(timeline.advance(10)).toBe(false);
});

test('time stops at the limit, and events beyond it stay', () => {
  const timeline = new Timeline();
  let happened = false;
  timeline.schedule(10, () => (happened = true));
  expect(timeline.advance(9.5)).toBe(false);
  expect([timeline.now, happened]).toEqual([9.5, false]);
  expect(timeline.advance(10)).toBe(true);
  expect([timeline.now, happened]).toEqual([10, true]);
});

test('a node that answers itself for ever in one instant is found out', () => {
  const timeline = new Timeline();
  const again = (): void => void timeline.schedule(0, again);
  again();
  expect(() => runAll(timeline)).toThrow('time moves on');
});
