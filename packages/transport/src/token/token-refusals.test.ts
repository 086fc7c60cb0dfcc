import { status, type ClientDuplexStream } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  TokenServiceService as methods,
  type Operation,
  type SessionRequest,
  type SessionResponse,
} from '../gen/synod/token/v1/token_service.js';
import { cleanup } from '../testing/cleanup.js';
import { RegisterStand } from '../testing/index.js';
import { RawCalls } from '../testing/raw-calls.js';
import { TokenConnection } from './token-connection.js';

const opened = cleanup(afterEach);
const nodes = ['S1'];
const tokens = [{ id: 'a', writer: 'S1', replicas: nodes, initial: undefined }];
const domain = { low: 1n, mid: 5n, high: 25n };

let stand: RegisterStand;
let raw: RawCalls;
let calls: TokenConnection;
beforeEach(async () => {
  stand = opened(await RegisterStand.serve({ nodes, tokens: { tokens, nodes } }));
  raw = opened(new RawCalls(stand.addresses[0]!));
  calls = opened(new TokenConnection(stand.addresses[0]!));
});
afterEach(() => expect(stand.nodes[0]!.commands).toEqual([]));

const invalid = (details: string): object => ({
  status: status.INVALID_ARGUMENT,
  details,
  code: 'invalid_argument',
  definite: 'true',
});

describe('an id that none can be is refused by every method, and never reaches the registers:', () => {
  const cases: [message: string, id: string][] = [
    ['id: is empty', ''],
    ['id: has 257 bytes: at most 256', 'x'.repeat(257)],
    ['id: has 258 bytes: at most 256', '漢'.repeat(86)],
    ['id: has 1048576 bytes: at most 256', 'x'.repeat(1024 * 1024)],
    ['id: holds a control character', 'a\u0000b'],
    ['id: holds a control character', 'a\nb'],
  ];

  test.each(cases)('%s (%#), of a foreign client', async (message, id) => {
    expect(await raw.failure(methods.create, { id })).toEqual(invalid(message));
    expect(await raw.failure(methods.drop, { id })).toEqual(invalid(message));
    expect(await raw.failure(methods.read, { id })).toEqual(invalid(message));
    expect(await raw.failure(methods.write, { id, name: '', domain })).toEqual(invalid(message));
  });

  test.each([...cases, ['id: is not well-formed Unicode', 'a\uD800']])(
    '%s (%#), by the connection itself',
    async (message, id) => {
      const refused = { code: 'invalid_argument', message, definite: true };
      await expect(calls.create(id)).rejects.toMatchObject(refused);
      await expect(calls.drop(id)).rejects.toMatchObject(refused);
      await expect(calls.read(id)).rejects.toMatchObject(refused);
      await expect(calls.write({ id, name: '', domain })).rejects.toMatchObject(refused);
    },
  );
});

test.each(['../a', '/', 'a/', '__proto__', 'constructor', 'token/a'])('%s is an id, of no token', async (id) => {
  await expect(calls.read(id)).rejects.toMatchObject({ code: 'unknown_token' });
});

describe('a write that makes no sense is refused, and never reaches the registers:', () => {
  const cases: [message: string, write: { name?: string; domain?: typeof domain }][] = [
    ['domain: low > mid (6 > 5): low <= mid < high', { domain: { ...domain, low: 6n } }],
    ['domain: mid >= high (25 >= 25): low <= mid < high', { domain: { ...domain, mid: 25n } }],
    ['domain: mid >= high (0 >= 0): low <= mid < high', { domain: { low: 0n, mid: 0n, high: 0n } }],
    ['name: has 1025 bytes: at most 1024', { name: 'x'.repeat(1025) }],
    ['name: is not valid Unicode', { name: 'a\uFFFD' }],
    [
      'domain: [0, 10000001) has 10000001 numbers: the range bound is 10000000',
      { domain: { low: 0n, mid: 1n, high: 10_000_001n } },
    ],
  ];

  test.each(cases)('%s', async (message, changed) => {
    const write = { id: 'a', name: 'abc', domain, ...changed };
    expect(await raw.failure(methods.write, write)).toEqual(invalid(message));
    await expect(calls.write(write)).rejects.toMatchObject({ code: 'invalid_argument', message, definite: true });
  });

  test('without a domain', async () => {
    const write = { id: 'a', name: 'abc', domain: undefined };
    expect(await raw.failure(methods.write, write)).toEqual(invalid('domain is missing'));
  });

  test.each([
    ['below 0', { ...domain, low: -1n }, 'low: "-1" is not a whole number from 0 to 18446744073709551615'],
    [
      'above 2^64-1',
      { ...domain, high: 2n ** 64n },
      'high: "18446744073709551616" is not a whole number from 0 to 18446744073709551615',
    ],
  ])('with a number %s, before it is sent', async (_what, wrong, message) => {
    const refused = { code: 'invalid_argument', message, definite: true };
    await expect(calls.write({ id: 'a', name: 'abc', domain: wrong })).rejects.toMatchObject(refused);
  });

  test('with a name of bytes that are no UTF-8', async () => {
    const { path, requestSerialize, responseDeserialize } = methods.write;
    const mangled = (write: Parameters<typeof requestSerialize>[0]): Buffer => {
      const bytes = requestSerialize(write);
      bytes[bytes.indexOf('abc')] = 0xff;
      return bytes;
    };
    const method = { path, requestSerialize: mangled, responseDeserialize };
    expect(await raw.failure(method, { id: 'a', name: 'abc', domain })).toEqual(invalid('name: is not valid Unicode'));
  });
});

describe('on a session each item that makes no sense is refused by itself:', () => {
  test.each<[message: string, request: Operation | undefined]>([
    ['request is missing', undefined],
    ['operation is missing', { operation: undefined }],
    ['id: is empty', { operation: { $case: 'read', value: { id: '' } } }],
    ['domain is missing', { operation: { $case: 'write', value: { id: 'a', name: '', domain: undefined } } }],
  ])('%s', async (message, request) => {
    const call: ClientDuplexStream<SessionRequest, SessionResponse> = raw.duplex(methods.session);
    const unknown = { $case: 'read', value: { id: 'other' } } as const;
    call.write({
      items: [
        { number: 7, request },
        { number: 8, request: { operation: unknown } },
      ],
      withdrawn: [9n, 2n ** 64n - 1n],
    });
    const [frame] = (await call.take(1).toArray()) as SessionResponse[];
    const failures = frame!.results.map(({ number, result }) => [number, result?.result?.value]);
    expect(failures[0]).toEqual([7, { code: 'invalid_argument', message, definite: true }]);
  });
});
