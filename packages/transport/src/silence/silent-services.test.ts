import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SynodError } from '@synod/kernel';
import { ServerConnection } from '../client/server-connection.js';
import { RegisterServiceService as registerMethods } from '../gen/synod/register/v1/register_service.js';
import { ledgerService } from '../ledger/ledger-service.js';
import { GrpcHost } from '../host/grpc-host.js';
import { cleanup } from '../testing/cleanup.js';
import { Bank, RegisterStand, type StandNode } from '../testing/index.js';
import { RawCalls } from '../testing/raw-calls.js';
import { SilentAbout } from '../testing/silent-about.js';
import { until } from '../testing/until.js';

const opened = cleanup(afterEach);
const nodes = ['S1'];
const registers = [
  { key: 'x', writer: 'any', replicas: nodes },
  { key: 'y', writer: 'any', replicas: nodes },
];
const tokens = ['x', 'y'].map((id) => ({ id, writer: 'S1', replicas: nodes, initial: undefined }));
const value = Buffer.from('v');
const domain = { low: 1n, mid: 5n, high: 25n };
/** Of calls that nobody answers. */
const soon = { timeoutMs: 50 };
const silence = { code: 'deadline' };

let silent: SilentAbout;
let node: StandNode;
let server: ServerConnection;
beforeEach(async () => {
  silent = new SilentAbout();
  const services = { silence: silent, maxOperationsInFlight: 2, watchPollMs: 1 };
  const stand = opened(await RegisterStand.serve({ nodes, registers, tokens: { tokens, nodes }, services }));
  node = stand.nodes[0]!;
  server = opened(new ServerConnection(node.address));
  await server.registers.write('x', value);
});

describe('of a register that the server is silent about', () => {
  test('no call is answered, though it is done; those about others are', async () => {
    silent.about('x');
    const calls = server.registers;
    await expect(calls.read('x', soon)).rejects.toMatchObject({ ...silence, definite: true });
    await expect(calls.write('x', value, soon)).rejects.toMatchObject({ ...silence, definite: false });
    await expect(calls.delete('x', soon)).rejects.toMatchObject({ ...silence, definite: false });
    await expect(calls.inspect('x', soon)).rejects.toMatchObject(silence);
    expect(await calls.write('y', value)).toEqual([1, 'S1']);
    expect(await calls.layout()).toMatchObject({ registers });
    silent.about();
    expect(await calls.read('x')).toEqual({ value: undefined, tag: [3, 'S1'] });
  });

  test('nothing comes on a session; the other items of the same frame are answered', async () => {
    silent.about('x');
    const session = server.registers.session();
    const lost: unknown[] = [];
    for (let i = 0; i < 20; i++) {
      session.submit({ type: 'read', key: 'x' }, (result) => lost.push(result));
      const answer = new Promise((resolve) => session.submit({ type: 'read', key: 'y' }, resolve));
      expect(await answer).toMatchObject({ type: 'value' });
    }
    silent.about();
    expect(await new Promise((resolve) => session.submit({ type: 'read', key: 'x' }, resolve))).toMatchObject({
      value,
    });
    expect(lost).toEqual([]);
  });

  test('what was under way before is not answered either, nor what is refused', async () => {
    const session = server.registers.session();
    const lost: unknown[] = [];
    node.hold();
    session.submit({ type: 'read', key: 'x' }, (result) => lost.push(result));
    session.submit({ type: 'read', key: 'y' }, (result) => lost.push(result));
    await until(() => node.heldAnswers === 2);
    silent.about('x');
    const raw = opened(new RawCalls(node.address));
    const refused = { key: 'x', value: Buffer.alloc(1024 * 1024 + 1) };
    const options = { deadline: Date.now() + 50 };
    await expect(raw.unary(registerMethods.write, refused, options)).rejects.toThrow('DEADLINE_EXCEEDED');
    await expect(server.registers.read('x', soon)).rejects.toMatchObject(silence); // two are under way
    await expect(server.registers.read('y')).rejects.toMatchObject({ code: 'resource_exhausted' });
    node.release();
    await until(() => lost.length > 0);
    await server.registers.read('y');
    expect(lost).toMatchObject([{ type: 'value', tag: undefined }]);
  });

  test('what is not answered is not under way: others enter', async () => {
    silent.about('x');
    const unanswered: Promise<unknown>[] = [];
    for (let i = 0; i < 3; i++) {
      const before = node.commands.length;
      unanswered.push(server.registers.read('x').catch((error: SynodError) => error.code));
      await until(() => node.commands.length > before);
      await server.registers.read('y'); // by then the machine is done with the one before
    }
    expect(await server.registers.write('y', value)).toEqual([1, 'S1']);
    server.close();
    expect(await Promise.all(unanswered)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  test('a watch shows nothing, not even a failure, until the silence is lifted', async () => {
    const begun = server.registers.watch('x');
    await begun.next();
    silent.about('x');
    const seen: unknown[] = [];
    const watching = [begun, server.registers.watch('x')].map((watch) => watch.next().then((next) => seen.push(next)));
    await expect(server.registers.write('x', Buffer.from('w'), soon)).rejects.toMatchObject(silence);
    const other = server.registers.watch('y');
    await other.next();
    await server.registers.write('y', value);
    expect((await other.next()).value).toMatchObject({ tag: [1, 'S1'] });
    expect(seen).toEqual([]);
    silent.about();
    await Promise.all(watching);
    expect(seen).toMatchObject(watching.map(() => ({ value: { tag: [2, 'S1'] } })));
  });

  test('no list of cells that would name it comes, nor its end', async () => {
    silent.about('x');
    await expect(server.registers.cells(soon).next()).rejects.toMatchObject(silence);
    silent.about('y');
    expect((await server.registers.cells().next()).value).toMatchObject({ key: 'x' });
  });
});

test('of a token that the server is silent about no call is answered; those about others are', async () => {
  await server.tokens.write({ id: 'x', name: 'abc', domain });
  silent.about('token/x');
  await expect(server.tokens.read('x', soon)).rejects.toMatchObject(silence);
  await expect(server.tokens.create('x', soon)).rejects.toMatchObject(silence);
  await expect(server.tokens.drop('x', soon)).rejects.toMatchObject(silence);
  await expect(server.tokens.write({ id: 'x', name: 'abc', domain }, soon)).rejects.toMatchObject(silence);
  const session = server.tokens.session();
  const lost: unknown[] = [];
  session.submit({ type: 'read', id: 'x' }, (result) => lost.push(result));
  const answer = new Promise((resolve) => session.submit({ type: 'write', id: 'y', name: 'abc', domain }, resolve));
  expect(await answer).toMatchObject({ type: 'written' });
  expect(await server.tokens.list()).toEqual(['x', 'y']);
  expect(lost).toEqual([]);
});

test('a server that is silent about everything tells operators still how it stands', async () => {
  silent.aboutEverything();
  for (const call of [
    server.registers.read('x', soon),
    server.registers.layout(soon),
    server.registers.inspect('y', soon),
    server.registers.cells(soon).next(),
    server.tokens.list(soon),
  ]) {
    await expect(call).rejects.toMatchObject(silence);
  }
  expect(await server.registers.status()).toMatchObject({ node: 'S1', cells: 1 });
  expect((await server.registers.watchStatus().next()).value).toMatchObject({ node: 'S1' });
  expect(await server.node.performance()).toMatchObject({ server: 'S1' });
});

test('of a ledger that is silent about everything only reports come', async () => {
  const services = [ledgerService(new Bank(), { silence: silent })];
  const host = opened(await GrpcHost.listen({ address: '127.0.0.1:0', services }));
  const { ledger } = opened(new ServerConnection(host.address));
  const transfer = { id: 't', from: 'S1', to: 'S2', amount: 1n };
  const command = { type: 'transfer', transfer, short: 'queue', durability: 'local', gather: undefined } as const;
  await ledger.transfer(command);
  silent.aboutEverything();
  for (const call of [
    ledger.transfer(command, soon),
    ledger.transferBatch([command], soon),
    ledger.balance('S1', soon),
    ledger.balance('nobody', soon),
    ledger.balanceMap(soon),
    ledger.attemptQueue('S1', undefined, soon),
    ledger.log(soon),
    ledger.blocks({ from: 1 }, soon)[Symbol.asyncIterator]().next(),
  ]) {
    await expect(call).rejects.toMatchObject(silence);
  }
  expect(await ledger.status()).toMatchObject({ status: { server: 'S1' } });
});

test('a session closes without the answers that nobody waits for, or that were muted while it closed', async () => {
  silent.about('x');
  const over = new Promise<void>((resolve) => {
    const session = server.registers.session({ onEnd: resolve });
    const muted = session.submit({ type: 'read', key: 'x' }, () => undefined);
    session.submit({ type: 'read', key: 'y' }, () => {
      muted.withdraw();
      session.close();
    });
  });
  await over;
  silent.about();
  node.hold();
  const lost = new Promise((resolve) => server.registers.session().submit({ type: 'read', key: 'x' }, resolve));
  await until(() => node.heldAnswers === 1);
  const closed = node.hangUp(10_000);
  silent.about('x');
  node.release();
  await closed;
  expect(await lost).toMatchObject({ code: 'unavailable', definite: false });
});

test('a server that is silent still closes: calls are cut, sessions end', async () => {
  silent.about('x');
  const session = server.registers.session();
  const lost = new Promise((resolve) => session.submit({ type: 'read', key: 'x' }, resolve));
  await new Promise((resolve) => session.submit({ type: 'read', key: 'y' }, resolve));
  await node.hangUp(10_000);
  expect(await lost).toMatchObject({ code: 'unavailable', definite: false });
  await node.serve();
  const again = opened(new ServerConnection(node.address));
  const asked = node.commands.length;
  const call = again.registers.read('x').catch((error: SynodError) => error);
  await until(() => node.commands.length > asked);
  await node.hangUp();
  expect(await call).toMatchObject({ code: 'unavailable', definite: true });
});
