import { status, type ServiceError } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import type { RegisterCommand, RegisterResult } from '@synod/register';
import { RegisterServiceService as methods, type WatchResponse } from '../gen/synod/register/v1/register_service.js';
import { cleanup } from '../testing/cleanup.js';
import { RegisterStand, type StandNode } from '../testing/index.js';
import { RawCalls } from '../testing/raw-calls.js';
import { until } from '../testing/until.js';
import { RegisterConnection } from './register-connection.js';

const opened = cleanup(afterEach);
const nodes = ['S1', 'S2', 'S3'];
const never = 2 ** 30;
const bytes = (text: string): Buffer => Buffer.from(text);

/** Of three nodes the first one and a connection to it. */
async function setUp(watchPollMs = never): Promise<{ stand: RegisterStand; s1: StandNode; calls: RegisterConnection }> {
  const registers = [{ key: '*', writer: 'any', replicas: nodes }];
  const stand = opened(await RegisterStand.serve({ nodes, registers, services: { watchPollMs } }));
  const s1 = stand.node('S1');
  return { stand, s1, calls: opened(new RegisterConnection(s1.address)) };
}

function readsOf(node: StandNode): number {
  return node.commands.filter(({ type }) => type === 'read').length;
}

/** Lets a test answer in place of the machine: undefined leaves it to the machine. */
function answering(node: StandNode, answer: (command: RegisterCommand) => RegisterResult | undefined): void {
  const invoke = node.invoke.bind(node);
  node.invoke = (command, done) => {
    const result = answer(command);
    if (result) setImmediate(done, result);
    else invoke(command, done);
  };
}

describe('a watch begins with the current value', () => {
  test('of a register that was never written, then its first value, then its tombstone', async () => {
    const { stand, calls, s1 } = await setUp();
    const values = calls.watch('a');
    expect((await values.next()).value).toEqual({ value: undefined, tag: undefined });
    const s2 = opened(new RegisterConnection(stand.node('S2').address));
    await s2.write('a', bytes('v'));
    expect((await values.next()).value).toEqual({ value: bytes('v'), tag: [1, 'S2'] });
    await calls.delete('a');
    expect((await values.next()).value).toEqual({ value: undefined, tag: [2, 'S1'] });
    await values.return(undefined);
    await until(() => s1.watchers === 0);
  });

  test('of one that was written', async () => {
    const { calls } = await setUp();
    await calls.write('a', bytes('v'));
    expect((await calls.watch('a').next()).value).toEqual({ value: bytes('v'), tag: [1, 'S1'] });
  });

  test('read anew for who comes later, not remembered for those before', async () => {
    const { calls, s1, stand } = await setUp();
    s1.onAdopted = () => () => undefined; // no hint: the first watch shows an old value
    await calls.watch('a').next();
    await opened(new RegisterConnection(stand.node('S3').address)).write('a', bytes('v'));
    expect((await calls.watch('a').next()).value).toEqual({ value: bytes('v'), tag: [1, 'S3'] });
  });
});

test('tags rise, whoever writes, and the last value comes', async () => {
  const { stand, calls } = await setUp();
  const tags: (readonly [number, string])[] = [];
  const watching = (async () => {
    for await (const { tag, value } of calls.watch('a')) {
      if (tag) tags.push(tag);
      if (value?.toString() === 'last') return;
    }
  })();
  const writers = stand.addresses.map((address) => opened(new RegisterConnection(address)));
  await Promise.all(
    writers.map(async (writer) => {
      for (let i = 0; i < 30; i++) await writer.write('a', bytes(String(i)));
    }),
  );
  await writers[2]!.write('a', bytes('last'));
  await watching;
  const inOrder = [...tags].sort(([a, x], [b, y]) => a - b || x.localeCompare(y));
  expect(tags).toEqual(inOrder);
  expect(new Set(tags.map(String)).size).toBe(tags.length);
});

test('many who watch one register share its reads', async () => {
  const { calls, s1 } = await setUp();
  s1.hold();
  const watches = Array.from({ length: 20 }, () => calls.watch('a'));
  const first = watches.map((watch) => watch.next());
  await until(() => readsOf(s1) === 1);
  await calls.layout(); // what was asked before it on the same connection has arrived
  s1.release();
  for (const { value } of await Promise.all(first)) expect(value).toEqual({ value: undefined, tag: undefined });
  // One for the first, and one for all who came while it ran.
  expect(readsOf(s1)).toBe(2);
  expect(s1.watchers).toBe(1);
  await calls.write('a', bytes('v'));
  for (const watch of watches) expect((await watch.next()).value).toMatchObject({ tag: [1, 'S1'] });
  for (const watch of watches) await watch.return(undefined);
  await until(() => s1.watchers === 0);
});

test('a reader that is too slow is ended with resource_exhausted, and costs bounded memory and no more reads', async () => {
  const { s1 } = await setUp();
  const value = Buffer.alloc(512 * 1024);
  let served = 0;
  let hint = (): void => undefined;
  s1.onAdopted = (_key, listener) => {
    hint = listener;
    return () => (hint = () => undefined);
  };
  answering(s1, () => ({ type: 'value', value, tag: [++served, 'S1'] }));
  const slow = opened(new RawCalls(s1.address)).pages(methods.watch, { key: 'a' });
  await new Promise((resolve) => slow.once('readable', resolve));
  for (let before = 0; before < served;) {
    before = served;
    hint();
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  }
  // 4 MiB wait at the server; 16 messages the client itself takes before anybody reads; a few are in between.
  expect(served).toBeLessThan(8 + 16 + 6);
  const counters: number[] = [];
  const error = await new Promise<ServiceError>((resolve) => {
    slow.on('error', resolve);
    slow.on('data', ({ tag }: WatchResponse) => counters.push(tag!.counter));
  });
  expect(error).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  expect(error.metadata.get('synod-code')).toEqual(['resource_exhausted']);
  expect(counters).toEqual(Array.from({ length: served - 1 }, (_, i) => i + 1));
});

describe('when reading fails', () => {
  const error = new SynodError('no_quorum', 'only S1 answered');

  test('at first, whoever watches is told, and forgotten', async () => {
    const { calls, s1 } = await setUp();
    answering(s1, () => ({ type: 'error', error }));
    const refused = { code: 'no_quorum', message: 'only S1 answered', definite: true };
    await expect(calls.watch('a').next()).rejects.toMatchObject(refused);
    await until(() => s1.watchers === 0);
  });

  test('later, the watch waits for better times', async () => {
    const { calls, s1 } = await setUp(1);
    const values = calls.watch('a');
    await values.next();
    let failed = 0;
    answering(s1, ({ type }) => (type === 'read' && failed++ < 5 ? { type: 'error', error } : undefined));
    await calls.write('a', bytes('v'));
    expect((await values.next()).value).toMatchObject({ tag: [1, 'S1'] });
    expect(failed).toBeGreaterThan(5);
  });

  test('because the server stops, the watch ends, wherever the read was begun', async () => {
    const { calls, s1 } = await setUp(1);
    const values = calls.watch('a');
    await values.next();
    s1.invoke = () => {
      throw new SynodError('unavailable', 'S1 is stopping');
    };
    const stopping = { code: 'unavailable', message: 'S1 is stopping' };
    await expect(values.next()).rejects.toMatchObject(stopping);
    await expect(calls.watch('a').next()).rejects.toMatchObject(stopping);
    await until(() => s1.watchers === 0);
  });

  test('a node that may not, or does not, hold the register says so', async () => {
    const registers = [{ key: 'a', writer: 'S2', replicas: ['S2', 'S3'] }];
    const stand = opened(await RegisterStand.serve({ nodes, registers }));
    const calls = opened(new RegisterConnection(stand.node('S1').address));
    await expect(calls.watch('a').next()).rejects.toMatchObject({ code: 'unauthorised', definite: true });
    await expect(calls.watch('b').next()).rejects.toMatchObject({ code: 'unknown_key', definite: true });
  });
});

test('a value of which no message reached this node is found by reading now and then', async () => {
  const { stand, calls, s1 } = await setUp(1);
  s1.onAdopted = () => () => undefined;
  const values = calls.watch('a');
  await values.next();
  await opened(new RegisterConnection(stand.node('S2').address)).write('a', bytes('v'));
  expect((await values.next()).value).toMatchObject({ tag: [1, 'S2'] });
});

describe('a watch ends', () => {
  test('with its signal, quietly', async () => {
    const { calls, s1 } = await setUp();
    const signal = new AbortController();
    const values = calls.watch('a', { signal: signal.signal });
    await values.next();
    signal.abort();
    expect(await values.next()).toEqual({ done: true, value: undefined });
    await until(() => s1.watchers === 0);
  });

  test('with its server, after what was on its way', async () => {
    const { calls, s1 } = await setUp();
    const values = calls.watch('a');
    await values.next();
    const closed = s1.hangUp(10_000);
    expect(await values.next()).toEqual({ done: true, value: undefined });
    await closed;
    expect(s1.watchers).toBe(0);
  });
});
