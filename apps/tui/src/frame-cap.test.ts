import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { calmMs, FrameCap, maxFps } from './frame-cap.js';

const frameMs = Math.ceil(1000 / maxFps);
let drawn: number[];
let frames: FrameCap;

beforeEach(() => {
  jest.useFakeTimers();
  drawn = [];
  frames = new FrameCap(() => drawn.push(performance.now()));
  frames.flush();
  drawn = [];
});
afterEach(() => void jest.useRealTimers());

const after = (ms: number): number => {
  jest.advanceTimersByTime(ms);
  return drawn.length;
};

test('requests that come fast share a frame, a frame time after the one before', () => {
  for (let i = 0; i < 10; i++) frames.request();
  expect([after(frameMs - 1), after(1), after(10_000)]).toEqual([0, 1, 1]);
});

test('mere figures wait longer, and come along with whatever else comes', () => {
  frames.request(calmMs);
  expect([after(calmMs - 1), after(1)]).toEqual([0, 1]);
  frames.request(calmMs);
  frames.request();
  frames.request(calmMs);
  expect([after(frameMs - 1), after(1), after(10_000)]).toEqual([1, 2, 2]);
});

test('after a while without frames the next one comes at once', () => {
  jest.advanceTimersByTime(10_000);
  frames.request(calmMs);
  expect(after(0)).toBe(1);
});

test('a frame that is called off does not come', () => {
  frames.request();
  frames.cancel();
  expect(after(10_000)).toBe(0);
  frames.request();
  expect(after(frameMs)).toBe(1);
});
