import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import type { StandNode } from '@synod/transport/testing';
import { asked, stands, text, three, until } from './testing/stand.js';

const stand = stands(afterEach);

/** Makes a node answer the next operations of one type with errors, one after the other, without doing them. */
function refuses(node: StandNode, type: string, errors: SynodError[]): void {
  const invoke = node.invoke.bind(node);
  node.invoke = (command, done) => {
    const error = command.type === type ? errors.shift() : undefined;
    if (!error) return invoke(command, done);
    node.commands.push(command);
    setImmediate(() => done({ type: 'error', error }));
  };
}

const noQuorum = (definite: boolean): SynodError =>
  new SynodError('no_quorum', definite ? 'nothing was written' : 'it may still take effect', { definite });
const notReady = new SynodError('not_ready', 'it must be known to its peers');

describe('a writer that is down', () => {
  test('a write waits for it, and is made when it comes', async () => {
    const { client, node } = await stand();
    const register = client().register('one/a');
    await register.read();
    await node('S1').hangUp();
    const written = register.write('x');
    expect(await register.read()).toEqual({ value: undefined, tag: undefined });
    await node('S1').serve();
    expect(await written).toEqual({ tag: [1, 'S1'] });
  });

  test('until the deadline: it was never sent, so it did not happen, and does not later', async () => {
    const { client, node } = await stand();
    const register = client().register('one/a');
    await register.read();
    await node('S1').hangUp();
    await expect(register.write('x', { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'unavailable',
      definite: true,
      message: expect.stringContaining('the write of register "one/a" could not be sent in 200 ms'),
    });
    await node('S1').serve();
    await register.write('y');
    expect(asked(node('S1'), 'write')).toBe(1);
  });

  test('where all may write, another one writes at once', async () => {
    const { client, node } = await stand();
    const { registers } = client();
    await registers.readMany(Array.from({ length: 6 }, (_, i) => `any/${i}`));
    await node('S2').hangUp();
    const writes = Array.from({ length: 60 }, (_, i) => ({ key: `any/${i}`, value: 'x' }));
    const written = await registers.writeMany(writes, { timeoutMs: 5_000 });
    expect(written.filter((it) => it instanceof SynodError)).toEqual([]);
    expect(asked(node('S2'), 'write')).toBe(0);
  });
});

describe('a session that ends under a write', () => {
  test('the write is of unknown outcome at once, and is not sent again', async () => {
    const { client, node } = await stand();
    const register = client().register('one/a');
    node('S1').hold();
    const written = register.write('x');
    const unknown = expect(written).rejects.toMatchObject({ code: 'unavailable', definite: false });
    await until(() => asked(node('S1'), 'write') === 1);
    await node('S1').hangUp();
    await unknown;
    node('S1').release();
    await node('S1').serve();
    await register.read();
    expect(asked(node('S1'), 'write')).toBe(1);
  });

  test('with retryIndefinite it is sent again', async () => {
    const { client, node } = await stand();
    const register = client().register('one/a');
    node('S1').hold();
    const written = register.write('x', { retryIndefinite: true });
    await until(() => asked(node('S1'), 'write') === 1);
    await node('S1').hangUp();
    node('S1').release();
    await node('S1').serve();
    expect(await written).toEqual({ tag: [2, 'S1'] });
    expect(asked(node('S1'), 'write')).toBe(2);
  });

  test('with retryIndefinite every later error stays indefinite', async () => {
    const { client, node } = await stand();
    const register = client().register('one/a');
    refuses(node('S1'), 'write', [noQuorum(false), new SynodError('resource_exhausted', 'too many')]);
    await expect(register.write('x', { retryIndefinite: true })).rejects.toMatchObject({
      code: 'resource_exhausted',
      message: 'too many',
      definite: false,
    });
  });
});

describe('a write that was not done', () => {
  test.each([notReady, noQuorum(true), new SynodError('unavailable', 'it is stopping')])(
    'and certainly not ($code) is sent again',
    async (error) => {
      const { client, node } = await stand();
      refuses(node('S1'), 'write', [error, error]);
      expect(await client().register('one/a').write('x')).toEqual({ tag: [1, 'S1'] });
      expect(asked(node('S1'), 'write')).toBe(3);
    },
  );

  test('and certainly not: at the deadline the reason of the server comes through', async () => {
    const { client, node } = await stand();
    refuses(
      node('S1'),
      'delete',
      Array.from({ length: 100 }, () => notReady),
    );
    await expect(client().register('one/a').delete({ timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'not_ready',
      definite: true,
      message: notReady.message,
    });
  });

  test('or nobody knows: not again', async () => {
    const { client, node } = await stand();
    refuses(node('S1'), 'write', [noQuorum(false)]);
    await expect(client().register('one/a').write('x')).rejects.toMatchObject({
      code: 'no_quorum',
      definite: false,
      message: 'it may still take effect',
    });
    expect(asked(node('S1'), 'write')).toBe(1);
  });
});

describe('no majority', () => {
  test('a read fails definite and a write indefinite, at their deadlines; healed, all works again', async () => {
    const { stand: it, client, node } = await stand();
    const register = client({ timeoutMs: 400 }).register('one/a');
    await register.write('before', { timeoutMs: 5_000 });
    for (let i = 0; i < 3; i++) await register.read({ timeoutMs: 5_000 });
    for (const id of three) it.isolate(id, true);
    const read = expect(register.read()).rejects.toMatchObject({ code: 'deadline', definite: true });
    await expect(register.write('during')).rejects.toMatchObject({
      code: 'deadline',
      definite: false,
      message: 'the write of register "one/a" was not answered in 400 ms, its outcome is unknown',
    });
    await read;
    for (const id of three) it.isolate(id, false);
    expect(await register.write('after', { timeoutMs: 5_000 })).toEqual({ tag: [3, 'S1'] });
    expect(text((await register.read({ timeoutMs: 5_000 })).value)).toBe('after');
    expect(asked(node('S1'), 'write')).toBe(3);
  });

  test('what is under way when it heals is answered', async () => {
    const { stand: it, client, node } = await stand();
    const register = client().register('one/a');
    for (const id of three) it.isolate(id, true);
    const written = register.write('x');
    await until(() => asked(node('S1'), 'write') === 1);
    for (const id of three) it.isolate(id, false);
    expect(await written).toEqual({ tag: [1, 'S1'] });
  });

  test('a majority is enough', async () => {
    const { stand: it, client } = await stand();
    const register = client().register('one/a');
    await register.write('x');
    it.isolate('S3', true);
    expect(await register.write('y')).toEqual({ tag: [2, 'S1'] });
    for (let i = 0; i < 6; i++) expect(text((await register.read()).value)).toBe('y');
  });
});

describe('a reader that is down', () => {
  test('reads go on at the others, at once', async () => {
    const { client, node } = await stand();
    const register = client({ hedgeMs: 0, prefer: 'S2' }).register('one/a');
    await register.write('x');
    await register.read();
    await node('S2').hangUp();
    for (let i = 0; i < 9; i++) expect(text((await register.read({ timeoutMs: 5_000 })).value)).toBe('x');
  });

  test('what it was asked is asked elsewhere', async () => {
    const { client, node } = await stand();
    const { registers } = client({ hedgeMs: 0, prefer: 'S2' });
    node('S2').hold();
    const read = registers.readMany(Array.from({ length: 300 }, (_, i) => `one/${i}`));
    await until(() => asked(node('S2'), 'read') === 300);
    await node('S2').hangUp();
    expect((await read).filter((it) => it instanceof SynodError)).toEqual([]);
  });

  test.each([notReady, noQuorum(true)])('one that answers $code is passed over for the next', async (error) => {
    const { client, node } = await stand();
    const register = client({ hedgeMs: 0, prefer: 'S2' }).register('pair');
    refuses(
      node('S2'),
      'read',
      Array.from({ length: 100 }, () => error),
    );
    for (let i = 0; i < 4; i++) expect(await register.read({ timeoutMs: 5_000 })).toMatchObject({ tag: undefined });
  });

  test('if all refuse, their reason comes through at the deadline, definite', async () => {
    const { client, node } = await stand();
    for (const id of three)
      refuses(
        node(id),
        'read',
        Array.from({ length: 1_000 }, () => noQuorum(true)),
      );
    await expect(client().register('one/a').read({ timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'no_quorum',
      definite: true,
      message: 'nothing was written',
    });
  });
});

test('a change that waits for a connection which is not taken goes to another that may', async () => {
  const { stand: it, client, node } = await stand();
  const silent = createServer((socket) => socket.unref());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const { registers } = client({
    servers: [it.addresses[0]!, { id: 'S2', address }, it.addresses[2]!],
    prefer: 'S2',
  });
  const keys = Array.from({ length: 30 }, (_, i) => `any/${i}`);
  const written = await registers.writeMany(keys.map((key) => ({ key, value: 'x' })));
  silent.close();
  expect(written.filter((result) => result instanceof SynodError)).toEqual([]);
  expect(three.map((id) => asked(node(id), 'write')).reduce((sum, count) => sum + count)).toBe(30);
});
