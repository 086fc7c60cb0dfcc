import { expect, test } from '@jest/globals';
import type { Schedule } from './schedule.js';
import { Tape } from './tape.js';
import { counterSystem, type Increment } from './testing/counter-system.js';

const schedule: Schedule<Increment> = {
  system: 'counter',
  seed: 1,
  nodes: ['S1', 'S2', 'S3'],
  network: { delayMs: [2, 2] },
  disk: { writeMs: [1, 1] },
  limits: {},
  forMs: 200,
  faults: [
    { at: 100, kind: 'crash', node: 'S3', forMs: 20 },
    { at: 101, kind: 'pause', node: 'S2', forMs: 20 },
  ],
  operations: [{ at: 50, node: 'S1' }],
};

test('frames are the events that left a trace; together they are the whole of it from the start on', () => {
  const tape = new Tape(counterSystem(), schedule);
  const lines: string[] = [];
  for (let number = 1; number <= tape.length; number++) lines.push(...tape.frame(number).lines);
  expect(lines.some((line) => /50\.000 S1 +invoke +"increment"/.test(line))).toBe(true);
  expect(lines).toHaveLength(tape.trace.filter(({ kind }) => kind !== 'start').length);
  expect(tape.violation).toBeUndefined();
});

test('a frame is the same from whichever side one comes, and beyond the ends stands the last one', () => {
  const tape = new Tape(counterSystem(), schedule);
  const forwards = [5, 6, 7].map((number) => tape.frame(number));
  expect([7, 6, 5].map((number) => tape.frame(number))).toEqual(forwards.reverse());
  expect(tape.frame(0)).toEqual(tape.frame(1));
  expect(tape.frame(1e9).number).toBe(tape.length);
});

test('a frame shows messages on their way, disks, and who is up', () => {
  const tape = new Tape(counterSystem(), schedule);
  const frames = Array.from({ length: tape.length }, (_, i) => tape.frame(i + 1));
  const sent = frames.find(({ lines }) => lines.some((line) => line.includes('send')))!;
  expect(sent.inFlight.map(({ from, to }) => `${from} ${to}`)).toEqual(['S1 S2', 'S1 S3']);
  expect(sent.nodes[0]).toEqual({ node: 'S1', state: 'up', disk: ['S1 1', 'S2 0', 'S3 0'] });
  const crashed = frames.find(({ time }) => time === 101)!;
  expect(crashed.nodes.map(({ state }) => state)).toEqual(['up', 'paused', 'down']);
});

test('landmarks are the frames of operations, faults and answers', () => {
  const tape = new Tape(counterSystem(), schedule);
  const frames = Array.from({ length: tape.length }, (_, i) => tape.frame(i + 1));
  const tells = (line: string): boolean =>
    /^ *[\d.]+ \S+ +(invoke|answer|fault|fault-end|crash|restart)(?= |$)/.test(line);
  const told = frames.filter(({ lines }) => lines.some(tells)).map(({ number }) => number);
  expect(told.length).toBeGreaterThanOrEqual(5);
  expect(tape.landmarks).toEqual(told);
  expect(tape.frame(tape.landmarks[0]!).lines.join()).toMatch(/invoke +"increment"/);
});

test('the last frame of a violated run is that of the violation', () => {
  const tape = new Tape(counterSystem({ confirmsBeforeDurable: true }), schedule);
  expect(tape.violation?.what).toMatch(/acknowledged but durable on/);
  expect(tape.frame(tape.length).time).toBe(tape.violation!.time);
});
