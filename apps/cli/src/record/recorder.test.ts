import { setImmediate as turn } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { MemoryHistory } from '../testing/memory-history.js';
import { Recorder } from './recorder.js';

/** A clock that starts at `start` and goes on by one at each look. */
const clockFrom = (start: bigint) => () => start++;

test('an operation begins and ends in lines of the documented form', async () => {
  const output = new MemoryHistory();
  const recorder = new Recorder(output, clockFrom(1000n));
  const client = recorder.client();
  client.invoke('write', '101', 'a');
  client.ok('a', [7, 'S1']);
  client.invoke('read', '101', null);
  client.ok('a', [7n, 'S1']);
  client.invoke('write', '101', 'b');
  client.fail();
  await recorder.end();
  expect(output.text).toBe(`{"process":0,"type":"invoke","f":"write","key":"101","value":"a","time":1000}
{"process":0,"type":"ok","f":"write","key":"101","value":"a","time":1001,"tag":[7,"S1"]}
{"process":0,"type":"invoke","f":"read","key":"101","value":null,"time":1002}
{"process":0,"type":"ok","f":"read","key":"101","value":"a","time":1003,"tag":[7,"S1"]}
{"process":0,"type":"invoke","f":"write","key":"101","value":"b","time":1004}
{"process":0,"type":"fail","f":"write","key":"101","value":"b","time":1005}
`);
});

test('after an unknown outcome a client goes on under a number that nobody had', async () => {
  const output = new MemoryHistory();
  const recorder = new Recorder(output);
  const [first, second] = [recorder.client(), recorder.client()];
  for (const client of [first, second, first, first]) {
    client.invoke('write', 'x', 'a');
    client.info();
  }
  second.invoke('read', 'x', null);
  second.ok(null);
  await recorder.end();
  expect(output.lines.map((line) => (line as { process: number }).process)).toEqual([0, 0, 1, 1, 2, 2, 4, 4, 3, 3]);
  expect(output.history).toHaveLength(5);
});

test('times above 2^53-1 lose no nanosecond', async () => {
  const output = new MemoryHistory();
  const recorder = new Recorder(output, clockFrom(BigInt(Number.MAX_SAFE_INTEGER)));
  const client = recorder.client();
  client.invoke('read', 'x', null);
  client.ok(null);
  await recorder.end();
  expect(output.lines).toMatchObject([{ time: Number.MAX_SAFE_INTEGER }, { time: '9007199254740992' }]);
  expect(output.history).toMatchObject([{ start: Number.MAX_SAFE_INTEGER, end: 9007199254740992n }]);
});

test('by default times are those of the monotonic clock', async () => {
  const output = new MemoryHistory();
  const recorder = new Recorder(output);
  const before = process.hrtime.bigint();
  recorder.client().invoke('read', 'x', null);
  const after = process.hrtime.bigint();
  await recorder.end();
  const { start } = output.history[0]!;
  expect(before <= start && start <= after).toBe(true);
});

test('an operation that never ends is of unknown outcome', async () => {
  const output = new MemoryHistory();
  const recorder = new Recorder(output);
  recorder.client().invoke('write', 'x', 'a');
  await recorder.end();
  expect(output.history).toMatchObject([{ outcome: 'info', value: 'a' }]);
});

test('a client has one operation at a time', () => {
  const client = new Recorder(new MemoryHistory()).client();
  expect(() => client.fail()).toThrow('did not begin');
  client.invoke('read', 'x', null);
  expect(() => client.invoke('read', 'x', null)).toThrow('one operation at a time');
});

test('while the stream is full everybody waits, and then everybody goes on', async () => {
  const output = new MemoryHistory({ slow: true });
  const recorder = new Recorder(output);
  await recorder.drained();
  const client = recorder.client();
  while (!output.writableNeedDrain) {
    client.invoke('read', 'x', null);
    client.fail();
  }
  let went = 0;
  const waiting = [1, 2, 3].map(() => recorder.drained().then(() => went++));
  await turn();
  expect(went).toBe(0);
  while (output.writableNeedDrain) {
    output.takeOne();
    await turn();
  }
  await Promise.all(waiting);
  expect(went).toBe(3);
});

test('a stream that fails is told to whoever waits, whoever comes later, and at the end', async () => {
  const failing = () =>
    new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => setImmediate(done, new Error('disk full')) });
  const recorder = new Recorder(failing());
  recorder.client().invoke('read', 'x', null);
  await expect(recorder.drained()).rejects.toThrow('disk full');
  await expect(recorder.drained()).rejects.toThrow('disk full');
  await expect(recorder.end()).rejects.toThrow('disk full');
});
