import { status, type ClientDuplexStream } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  RegisterServiceService as methods,
  type Operation,
  type SessionRequest,
  type SessionResponse,
} from '../gen/synod/register/v1/register_service.js';
import { cleanup } from '../testing/cleanup.js';
import { RegisterStand } from '../testing/index.js';
import { RawCalls } from '../testing/raw-calls.js';
import { RegisterConnection } from './register-connection.js';

const opened = cleanup(afterEach);
const mebibyte = 1024 * 1024;
const longest = 'x'.repeat(512);

let stand: RegisterStand;
let raw: RawCalls;
let calls: RegisterConnection;
beforeEach(async () => {
  const registers = [{ key: '*', writer: 'any', replicas: ['S1'] }];
  stand = opened(await RegisterStand.serve({ nodes: ['S1'], registers }));
  raw = opened(new RawCalls(stand.addresses[0]!));
  calls = opened(new RegisterConnection(stand.addresses[0]!));
});

describe('a key that none can be is refused by every method, and never reaches the machine:', () => {
  const cases: [problem: string, key: string][] = [
    ['key is empty', ''],
    ['key is longer than 512 characters', `${longest}x`],
    ['key is not valid Unicode', 'a\uFFFDb'],
    ['key is not valid Unicode', 'a\uD800b'],
    ['key is not valid Unicode', '\uDC00'],
  ];

  test.each(cases)('%s (%#), of a foreign client', async (details, key) => {
    const refused = { status: status.INVALID_ARGUMENT, details, code: 'invalid_argument', definite: 'true' };
    expect(await raw.failure(methods.read, { key })).toEqual(refused);
    expect(await raw.failure(methods.write, { key, value: Buffer.from('v') })).toEqual(refused);
    expect(await raw.failure(methods.delete, { key })).toEqual(refused);
    expect(await raw.failure(methods.inspect, { key })).toEqual(refused);
    const watch = raw.pages(methods.watch, { key });
    await expect(watch.toArray()).rejects.toMatchObject({ code: status.INVALID_ARGUMENT, details });
    expect(stand.nodes[0]!.commands).toEqual([]);
  });

  test.each(cases)('%s (%#), by the connection itself', async (message, key) => {
    const refused = { code: 'invalid_argument', message, definite: true };
    await expect(calls.read(key)).rejects.toMatchObject(refused);
    await expect(calls.write(key, new Uint8Array())).rejects.toMatchObject(refused);
    await expect(calls.delete(key)).rejects.toMatchObject(refused);
    await expect(calls.inspect(key)).rejects.toMatchObject(refused);
    await expect(calls.watch(key).next()).rejects.toMatchObject(refused);
    expect(stand.nodes[0]!.commands).toEqual([]);
  });

  test('bytes that are no UTF-8', async () => {
    const { path, responseDeserialize } = methods.read;
    const requestSerialize = (): Buffer => Buffer.from([0x0a, 2, 0xff, 0xfe]);
    const failure = await raw.failure({ path, requestSerialize, responseDeserialize }, {});
    expect(failure).toMatchObject({ details: 'key is not valid Unicode', code: 'invalid_argument' });
    expect(stand.nodes[0]!.commands).toEqual([]);
  });
});

test.each([
  ['__proto__', '__proto__'],
  ['a path', '../../a'],
  ['NUL', 'a\u0000b'],
  ['a space', ' '],
  ['512 letters', longest],
  ['256 characters of two code units', '🗝'.repeat(256)],
])('%s is a key like others', async (_what, key) => {
  await calls.write(key, Buffer.from('v'));
  await calls.write('other', Buffer.from('w'));
  expect(await calls.read(key)).toMatchObject({ value: Buffer.from('v') });
  expect(await calls.inspect(key)).toMatchObject({ value: Buffer.from('v') });
});

describe('a value', () => {
  const value = Buffer.alloc(mebibyte, 7);

  test('of 1 MiB passes under the longest key, alone and on a session', async () => {
    const key = '漢'.repeat(512);
    expect(await calls.write(key, value)).toEqual([1, 'S1']);
    const read = await calls.read(key);
    expect(value.equals(read.value!)).toBe(true);
    const session = new RawSession();
    session.send({ $case: 'write', value: { key, value } });
    expect(await session.next()).toMatchObject({ $case: 'written', value: { tag: { counter: 2 } } });
    session.send({ $case: 'read', value: { key } });
    expect((await session.next())?.value).toMatchObject({ tag: { counter: 2 } });
  });

  test('of one byte more is refused by the node, and the session lives on', async () => {
    const tooLong = Buffer.concat([value, Buffer.from('x')]);
    const details = 'value has 1048577 bytes: at most 1048576';
    const failure = await raw.failure(methods.write, { key: 'a', value: tooLong });
    expect(failure).toEqual({ status: status.INVALID_ARGUMENT, details, code: 'invalid_argument', definite: 'true' });
    const session = new RawSession();
    session.send({ $case: 'write', value: { key: 'a', value: tooLong } });
    const refused = { code: 'invalid_argument', message: details, definite: true };
    expect(await session.next()).toEqual({ $case: 'failure', value: refused });
    expect(stand.nodes[0]!.commands).toEqual([]);
    session.send({ $case: 'read', value: { key: 'a' } });
    expect(await session.next()).toEqual({ $case: 'read', value: { value: undefined, tag: undefined } });
  });

  test('of one byte more is refused by the connection itself, alone and on a session', async () => {
    const tooLong = new Uint8Array(mebibyte + 1);
    const refused = { code: 'invalid_argument', message: 'value has 1048577 bytes: at most 1048576', definite: true };
    await expect(calls.write('a', tooLong)).rejects.toMatchObject(refused);
    const session = calls.session();
    const answer = new Promise((resolve) => session.submit({ type: 'write', key: 'a', value: tooLong }, resolve));
    expect(await answer).toMatchObject(refused);
    expect(stand.nodes[0]!.commands).toEqual([]);
    const next = new Promise((resolve) => session.submit({ type: 'read', key: 'a' }, resolve));
    expect(await next).toEqual({ type: 'value', value: undefined, tag: undefined });
  });
});

describe('on a session each item that makes no sense is refused by itself:', () => {
  test.each<[message: string, request: Operation | undefined]>([
    ['operation is missing', undefined],
    ['operation is missing', { operation: undefined }],
    ['key is empty', { operation: { $case: 'read', value: { key: '' } } }],
    ['key is longer than 512 characters', { operation: { $case: 'delete', value: { key: `${longest}x` } } }],
    ['key is not valid Unicode', { operation: { $case: 'write', value: { key: '\uFFFD', value: Buffer.alloc(1) } } }],
  ])('%s', async (message, request) => {
    const session = new RawSession();
    session.call.write({ items: [{ number: 7, request }] });
    expect(await session.next()).toEqual({
      $case: 'failure',
      value: { code: 'invalid_argument', message, definite: true },
    });
    expect(stand.nodes[0]!.commands).toEqual([]);
    session.send({ $case: 'read', value: { key: 'a' } });
    expect(await session.next()).toMatchObject({ $case: 'read' });
  });
});

/** A session of a foreign client, one operation at a time. */
class RawSession {
  readonly call: ClientDuplexStream<SessionRequest, SessionResponse> = raw.duplex(methods.session);
  readonly #frames = this.call[Symbol.asyncIterator]() as AsyncIterator<SessionResponse, undefined>;

  send(operation: NonNullable<Operation['operation']>): void {
    this.call.write({ items: [{ number: 1, request: { operation } }] });
  }

  /** How the operation ended that was sent last. */
  async next(): Promise<NonNullable<SessionResponse['results'][0]['result']>['result']> {
    const { value } = await this.#frames.next();
    return value!.results[0]!.result!.result;
  }
}
