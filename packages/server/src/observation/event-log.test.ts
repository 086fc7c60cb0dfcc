import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ServerEvent } from '@synod/kernel';
import { EventLog } from './event-log.js';
import { openLog } from './log.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'synod-event-log-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const file = (): string => join(directory, 'server.log');
const lines = (): { msg: string }[] =>
  readFileSync(file(), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { msg: string });

test('an event is a line of the log before the call that adds it returns, those before the log included', () => {
  const events = new EventLog('S1');
  events.add('info', 'early', 'before there is a log');
  events.writeTo(openLog({ file: file() }));
  events.add('warn', 'link-down', 'the link is down', { peer: 'S2' });
  events.add('debug', 'detail', 'nobody asked for this');
  expect(lines()).toEqual([
    { level: 'info', time: expect.any(String), server: 'S1', kind: 'early', msg: 'before there is a log' },
    { level: 'warn', time: expect.any(String), server: 'S1', kind: 'link-down', peer: 'S2', msg: 'the link is down' },
  ]);
  events.end();
  events.add('info', 'late', 'after the end');
  expect(lines()).toHaveLength(2);
});

test('the last 10,000 events are kept, numbered without gaps', () => {
  const events = new EventLog('S1');
  for (let i = 1; i <= 10_003; i++) events.add('info', 'counted', `event ${i}`);
  const last = events.last(20_000);
  expect(last).toHaveLength(10_000);
  expect([last[0]!.sequence, last.at(-1)!.sequence]).toEqual([4, 10_003]);
  expect(last.every(({ sequence, message }) => message === `event ${sequence}`)).toBe(true);
  expect(events.last(2).map(({ sequence }) => sequence)).toEqual([10_002, 10_003]);
  expect(events.last(0)).toEqual([]);
});

test('events of debug level are wanted by a watcher, and by a log of that level', () => {
  const events = new EventLog('S1');
  expect(events.wantsDebug).toBe(false);
  const seen: ServerEvent[] = [];
  const stop = events.onEvent((event) => seen.push(event));
  expect(events.wantsDebug).toBe(true);
  events.add('debug', 'detail', 'a detail');
  stop();
  expect(seen.map(({ kind }) => kind)).toEqual(['detail']);
  expect(events.wantsDebug).toBe(false);
  events.writeTo(openLog({ file: file(), level: 'debug' }));
  expect(events.wantsDebug).toBe(true);
  events.end();
});
