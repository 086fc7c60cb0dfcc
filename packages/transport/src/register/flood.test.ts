import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { status, type ClientDuplexStream, type ServiceError } from '@grpc/grpc-js';
import type { SynodError } from '@synod/kernel';
import {
  RegisterServiceService as methods,
  type SessionRequest,
  type SessionResponse,
} from '../gen/synod/register/v1/register_service.js';
import { Backlog } from '../session/backlog.js';
import { cleanup } from '../testing/cleanup.js';
import { RegisterStand, type StandNode } from '../testing/index.js';
import { RawCalls } from '../testing/raw-calls.js';
import { grpcMessage, RawStreams } from '../testing/raw-streams.js';
import { until } from '../testing/until.js';
import type { OperationOutcome, RegisterOperation } from './operation.js';
import { RegisterConnection, type RegisterSession } from './register-connection.js';

const opened = cleanup(afterEach);
const nodes = ['S1', 'S2', 'S3'];
const KiB = 1024;
const valueBytes = 100 * KiB;
const values = 20;
const limits = { underWayBytes: 300 * KiB, unreadBytes: 1024 * KiB, waitingBytes: 1024 * KiB };

let backlog: Backlog;
let s1: StandNode;
let good: RegisterSession;
beforeEach(() => serve({ watchPollMs: 20 }));

async function serve(services: { readonly watchPollMs: number }): Promise<void> {
  backlog = new Backlog(limits);
  const registers = [{ key: '*', writer: 'any', replicas: nodes }];
  const stand = opened(await RegisterStand.serve({ nodes, registers, services: { backlog, ...services } }));
  s1 = stand.node('S1');
  good = opened(new RegisterConnection(s1.address)).session();
  const value = Buffer.alloc(valueBytes, 7);
  for (let i = 0; i < values; i++) await submit({ type: 'write', key: `big/${i}`, value });
}

function submit(operation: RegisterOperation): Promise<OperationOutcome | SynodError> {
  return new Promise((resolve) => good.submit(operation, resolve));
}

const reads = (keys: readonly string[]): SessionRequest => ({
  items: keys.map((key, i) => ({ number: i + 1, request: { operation: { $case: 'read', value: { key } } } })),
});
const bigKeys = (count: number): string[] => Array.from({ length: count }, (_, i) => `big/${i % values}`);
const isFree = (): boolean => backlog.underWay === 0 && backlog.unread === 0;

function hostile(): ClientDuplexStream<SessionRequest, SessionResponse> {
  return opened(new RawCalls(s1.address)).duplex(methods.session);
}

test('of one frame with many reads of large values few run at a time, and all are answered', async () => {
  s1.hold();
  const raw = hostile();
  let answers = 0;
  let most = 0;
  raw.on('data', ({ results }: SessionResponse) => (answers += results.length));
  const before = s1.commands.length;
  raw.write(reads(bigKeys(400)));
  await until(() => s1.heldAnswers > 0);
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
  expect(s1.commands.length - before).toBe(3);
  s1.release();
  await until(() => {
    most = Math.max(most, backlog.underWay);
    return answers === 400;
  });
  expect(most).toBeLessThan(limits.underWayBytes + valueBytes + 1024);
  await until(isFree);
});

test('clients that read no answers cost a bounded number of bytes; others are served meanwhile, and all is given back', async () => {
  const raws = Array.from({ length: 10 }, hostile);
  for (const raw of raws) for (let i = 0; i < 20; i++) raw.write(reads(bigKeys(100)));
  for (let i = 0; i < 100; i++) {
    expect(await submit({ type: 'write', key: 'good', value: Buffer.from(`${i}`) })).toMatchObject({ type: 'written' });
    expect(await submit({ type: 'read', key: 'good' })).toMatchObject({ value: Buffer.from(`${i}`) });
  }
  await until(() => backlog.isUnread);
  expect(backlog.unread + backlog.underWay).toBeLessThan(limits.unreadBytes + limits.underWayBytes + 2 * valueBytes);
  for (const raw of raws) raw.cancel();
  await until(isFree);
  expect(await submit({ type: 'read', key: 'big/1' })).toMatchObject({ type: 'value' });
});

test('while answers of others are unread, a call of its own for a large value is refused, definitely', async () => {
  const raw = hostile();
  raw.write(reads(bigKeys(400)));
  await until(() => backlog.isUnread);
  const calls = opened(new RegisterConnection(s1.address));
  await expect(calls.read('big/1')).rejects.toMatchObject({ code: 'resource_exhausted', definite: true });
  expect(await calls.read('small')).toMatchObject({ value: undefined });
  raw.cancel();
  await until(isFree);
  expect(await calls.read('big/1')).toMatchObject({ value: Buffer.alloc(valueBytes, 7) });
  await until(isFree);
});

test('calls of their own wait while others run, and leave nothing behind when they are given up', async () => {
  s1.hold();
  const calls = opened(new RegisterConnection(s1.address));
  const value = Buffer.alloc(valueBytes);
  const writes = Array.from({ length: 8 }, (_, i) => calls.write(`own/${i}`, value));
  await until(() => s1.heldAnswers === 3);
  const giveUp = new AbortController();
  const givenUp = calls.write('own/given-up', value, { signal: giveUp.signal });
  giveUp.abort();
  await expect(givenUp).rejects.toMatchObject({ code: 'cancelled' });
  s1.release();
  await Promise.all(writes);
  await until(isFree);
  expect(backlog.hasRoomFor(limits.waitingBytes)).toBe(true);
});

test('pages and cells that nobody reads are counted too, and given back when they are read', async () => {
  const raw = opened(new RawStreams(s1.address, { takes: 0 }));
  for (let i = 0; i < 5; i++) raw.open(methods.cells.path).end(grpcMessage(Buffer.alloc(0)));
  const inspect = methods.inspect.requestSerialize({ key: 'big/1' });
  for (let i = 0; i < 20; i++) raw.open(methods.inspect.path).end(grpcMessage(inspect));
  const calls = opened(new RegisterConnection(s1.address));
  await until(() => backlog.isUnread);
  await expect(calls.inspect('big/1')).rejects.toMatchObject({ code: 'resource_exhausted' });
  await expect(calls.cells().next()).rejects.toMatchObject({ code: 'resource_exhausted' });
  raw.close();
  await until(isFree);
  expect(await calls.inspect('big/1')).toMatchObject({ counter: 1 });
  let cells = 0;
  for await (const { key } of calls.cells()) cells += Number(key.startsWith('big/'));
  expect(cells).toBe(values);
  await until(isFree);
});

test('writes that find no majority hold a bounded number of bytes, and those that can not even wait are refused', async () => {
  s1.hold();
  const raws = Array.from({ length: 4 }, hostile);
  const refused: string[] = [];
  for (const raw of raws) {
    raw.on('data', ({ results }: SessionResponse) => {
      for (const { result } of results) {
        if (result?.result?.$case === 'failure') refused.push(result.result.value.code);
      }
    });
    const value = Buffer.alloc(valueBytes);
    const items = Array.from({ length: 15 }, (_, i) => ({
      number: i + 1,
      request: { operation: { $case: 'write' as const, value: { key: `w/${i}`, value } } },
    }));
    raw.write({ items } satisfies SessionRequest);
  }
  await until(() => refused.length === 60 - 3 - 10);
  expect(new Set(refused)).toEqual(new Set(['resource_exhausted']));
  expect(backlog.underWay).toBeLessThan(limits.underWayBytes + valueBytes + 2048);
  for (const raw of raws) raw.cancel();
  s1.release();
  await until(isFree);
});

test('a session that waits is read no more: its next frames stay with its client', async () => {
  s1.hold();
  const raw = hostile();
  raw.write(reads(bigKeys(4)));
  await until(() => s1.heldAnswers === 3);
  const value = Buffer.alloc(1024 * KiB);
  let sent = 0;
  for (let number = 10; number < 20; number++) {
    const request = { operation: { $case: 'write' as const, value: { key: 'w', value } } };
    raw.write({ items: [{ number, request }] } satisfies SessionRequest, () => sent++);
  }
  const before = s1.commands.length;
  for (let i = 0; i < 200; i++) await new Promise(setImmediate);
  expect(s1.commands.length).toBe(before);
  expect(sent).toBeLessThan(3);
  let answers = 0;
  raw.on('data', ({ results }: SessionResponse) => (answers += results.length));
  s1.release();
  await until(() => answers === 14);
});

test('a session that ends, or whose server closes, still answers what waited', async () => {
  const raw = hostile();
  let answers = 0;
  raw.on('data', ({ results }: SessionResponse) => (answers += results.length));
  const ended = new Promise((resolve) => raw.on('end', resolve));
  raw.write(reads(bigKeys(50)));
  raw.end();
  await ended;
  expect(answers).toBe(50);
});

test('a frame of too many operations ends its session', async () => {
  const raw = hostile();
  const failed = new Promise<ServiceError>((resolve) => raw.on('error', resolve));
  raw.resume();
  raw.write(reads(Array.from({ length: 10_001 }, () => 'small')));
  expect(await failed).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'items are more than 10000' });
});

test('watchers that read nothing hold a bounded number of bytes; who comes when it is full waits', async () => {
  const raw = opened(new RawStreams(s1.address, { takes: 0 }));
  for (let i = 0; i < 40; i++) {
    raw.open(methods.watch.path).end(grpcMessage(methods.watch.requestSerialize({ key: `big/${i % values}` })));
  }
  await until(() => backlog.isUnread);
  const good19 = opened(new RegisterConnection(s1.address)).watch('big/19');
  const first = good19.next();
  for (let i = 0; i < 20; i++) await submit({ type: 'write', key: 'good', value: Buffer.from('v') });
  expect(backlog.unread).toBeLessThan(limits.unreadBytes + 2 * valueBytes);
  raw.close();
  expect(await first).toMatchObject({ value: { value: Buffer.alloc(valueBytes, 7) } });
  await good19.return(undefined);
  await until(isFree);
});

test('a value that was read for a watcher reaches it though others fill the room for operations meanwhile', async () => {
  s1.hold();
  const watch = opened(new RegisterConnection(s1.address)).watch('big/1');
  const first = watch.next();
  await until(() => s1.heldAnswers > 0);
  const others = 2 * limits.underWayBytes;
  backlog.begin(others);
  s1.release();
  expect(await first).toMatchObject({ value: { value: Buffer.alloc(valueBytes, 7) } });
  backlog.answered(others, 0);
  await watch.return(undefined);
  await until(isFree);
});

test('watches for which there was no room at first are read in turn, without a poll', async () => {
  await serve({ watchPollMs: 3_600_000 });
  s1.hold();
  const registers = opened(new RegisterConnection(s1.address));
  const watches = bigKeys(8).map((key) => registers.watch(key));
  const firsts = watches.map((watch) => watch.next());
  await until(() => s1.heldAnswers === 3);
  s1.release();
  for (const first of firsts) {
    expect(await first).toMatchObject({ value: { value: Buffer.alloc(valueBytes, 7) } });
  }
  for (const watch of watches) await watch.return(undefined);
  await until(isFree);
});
