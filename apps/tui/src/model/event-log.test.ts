import { expect, test } from '@jest/globals';
import type { ServerEvent } from '@synod/kernel';
import { addEvent, emptyEventLog, type EventLog } from './event-log.js';

const event = (server: string, sequence: number, timeMs: number): ServerEvent => {
  return { server, sequence, timeMs, level: 'info', kind: 'k', message: `${server} ${sequence}`, fields: {} };
};
const log = (...events: readonly ServerEvent[]): EventLog =>
  events.reduce((before, one) => addEvent(before, one, 0), emptyEventLog);
const told = ({ events }: EventLog) => [...events].map(({ message }) => message);

test('events of all servers stand in the order of time, then of the servers', () => {
  const events = [event('S1', 1, 10), event('S2', 1, 5), event('S10', 1, 20), event('S2', 2, 20), event('S1', 2, 7)];
  expect(told(log(...events))).toEqual(['S2 1', 'S1 2', 'S1 1', 'S2 2', 'S10 1']);
});

test('what a stream repeats is left out; a new life of a server begins again at 1', () => {
  const events = [event('S1', 1, 10), event('S1', 2, 11), event('S1', 1, 10), event('S1', 2, 11), event('S1', 1, 50)];
  expect(told(log(...events))).toEqual(['S1 1', 'S1 2', 'S1 1']);
});

test('lost events leave a line where they are missing', () => {
  const after = addEvent(log(event('S1', 1, 10)), event('S1', 42, 30), 40);
  expect(told(after)).toEqual(['S1 1', '40 events of S1 are missing here: they came too fast', 'S1 42']);
  expect(after.events.at(1)?.level).toBe('warn');
});

test('the newest five thousand are kept', () => {
  const { events } = log(...Array.from({ length: 6_000 }, (_, i) => event('S1', i + 1, i)));
  expect(events.length).toBeLessThan(5_128);
  expect(events.last?.sequence).toBe(6_000);
  expect(events.at(0)?.sequence).toBe(events.dropped + 1);
});
