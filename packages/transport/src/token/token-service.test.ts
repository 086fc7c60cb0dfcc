import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SynodError, type ErrorCode } from '@synod/kernel';
import { TokenServiceService as methods } from '../gen/synod/token/v1/token_service.js';
import { cleanup } from '../testing/cleanup.js';
import { RegisterStand } from '../testing/index.js';
import { RawCalls } from '../testing/raw-calls.js';
import type { TokenOperation, TokenOutcome } from './operation.js';
import { TokenConnection } from './token-connection.js';

const opened = cleanup(afterEach);
const nodes = ['S1', 'S2', 'S3'];
const replicas = ['S1', 'S2'];
const strange = 'a/../b"';
const tokens = ['10', '9', '__proto__', strange].map((id) => ({ id, writer: 'S1', replicas, initial: undefined }));
const domain = { low: 1n, mid: 5n, high: 25n };
// The checks of docs/registers.md: abc [1,5) and, as [5,25) has the least hash of all, abc [1,25).
const partial = { x: 4n, hash: 2207634929195471568n };
const final = { x: 15n, hash: 902613196918738813n };
const maxUint64 = 2n ** 64n - 1n;

let stand: RegisterStand;
let writer: TokenConnection;
let reader: TokenConnection;
beforeEach(async () => {
  stand = opened(await RegisterStand.serve({ nodes, tokens: { tokens, nodes } }));
  writer = connect('S1');
  reader = connect('S2');
});
const connect = (id: string): TokenConnection => opened(new TokenConnection(stand.node(id).address));

/** The same operations, by methods of their own and on a session. */
const doors: Record<string, (calls: TokenConnection) => (operation: TokenOperation) => Promise<TokenOutcome>> = {
  'a call of its own': (calls) => async (operation) => {
    switch (operation.type) {
      case 'create':
        return { type: 'created', ...(await calls.create(operation.id)) };
      case 'drop':
        return { type: 'dropped', ...(await calls.drop(operation.id)) };
      case 'write':
        return { type: 'written', ...(await calls.write(operation)) };
      case 'read':
        return { type: 'read', ...(await calls.read(operation.id)) };
    }
  },
  'a session': (calls) => {
    const session = calls.session();
    return (operation) =>
      new Promise((resolve, reject) => {
        session.submit(operation, (result) => ('code' in result ? reject(result) : resolve(result)));
      });
  },
};

describe.each(Object.entries(doors))('by %s', (_door, via) => {
  test('the life of a token', async () => {
    const [atWriter, atReader] = [via(writer), via(reader)];
    const write: TokenOperation = { type: 'write', id: '10', name: 'abc', domain };
    expect(await atWriter(write)).toEqual({ type: 'written', partial, tag: [1, 'S1'] });
    const token = { id: '10', name: 'abc', domain, partial, final };
    expect(await atReader({ type: 'read', id: '10' })).toEqual({ type: 'read', token, tag: [1, 'S1'] });
    expect(await atWriter({ type: 'read', id: '10' })).toEqual({ type: 'read', token, tag: [1, 'S1'] });
    expect(await atWriter({ type: 'drop', id: '10' })).toEqual({ type: 'dropped', tag: [2, 'S1'] });
    expect(await atWriter({ type: 'create', id: '10' })).toEqual({ type: 'created', tag: [3, 'S1'] });
    await expect(atReader({ type: 'read', id: '10' })).rejects.toMatchObject({ code: 'never_written' });
  });

  test('an empty first part has no partial state', async () => {
    const write: TokenOperation = { type: 'write', id: '10', name: 'abc', domain: { low: 5n, mid: 5n, high: 25n } };
    expect(await via(writer)(write)).toEqual({ type: 'written', partial: undefined, tag: [1, 'S1'] });
    expect(await via(reader)({ type: 'read', id: '10' })).toMatchObject({ token: { partial: undefined, final } });
  });

  test('the greatest numbers lose no digit; any name may stand', async () => {
    const write: TokenOperation = {
      type: 'write',
      id: strange,
      name: 'a "b"\n漢\u0000',
      domain: { low: maxUint64 - 3n, mid: maxUint64 - 2n, high: maxUint64 },
    };
    expect(await via(writer)(write)).toMatchObject({ partial: { x: maxUint64 - 3n } });
    expect(await via(reader)({ type: 'read', id: strange })).toMatchObject({
      token: { id: strange, name: write.name, domain: write.domain, partial: { x: maxUint64 - 3n } },
    });
  });

  test.each<[ErrorCode, string, TokenOperation]>([
    ['unknown_token', 'no token "other" is configured', { type: 'read', id: 'other' }],
    ['never_written', 'token "9" was never written', { type: 'read', id: '9' }],
    ['exists', 'token "9" exists', { type: 'create', id: '9' }],
  ])('%s comes back with its words', async (code, message, operation) => {
    await expect(via(writer)(operation)).rejects.toMatchObject({ code, message, definite: true });
  });

  test('dropped, until it is created again', async () => {
    await via(writer)({ type: 'drop', id: '9' });
    const refused = { code: 'dropped', message: 'token "9" was dropped: create it first', definite: true };
    await expect(via(reader)({ type: 'read', id: '9' })).rejects.toMatchObject(refused);
    await expect(via(writer)({ type: 'drop', id: '9' })).rejects.toMatchObject(refused);
    await expect(via(writer)({ type: 'write', id: '9', name: 'abc', domain })).rejects.toMatchObject(refused);
  });

  test.each<TokenOperation>([
    { type: 'create', id: '9' },
    { type: 'drop', id: '9' },
    { type: 'write', id: '9', name: 'abc', domain },
  ])('only the writer may $type; another node names it', async (operation) => {
    await expect(via(reader)(operation)).rejects.toMatchObject({
      code: 'unauthorised',
      message: 'token "9" is written, created and dropped at S1, not at S2',
      definite: true,
    });
    expect(stand.node('S2').commands).toEqual([]);
  });

  test('only writer and readers may read; another node names them', async () => {
    await expect(via(connect('S3'))({ type: 'read', id: '9' })).rejects.toMatchObject({
      code: 'unauthorised',
      message: 'token "9" is read at S1, S2, not at S3',
    });
  });
});

test('ids that look like properties and paths are ids like others', async () => {
  await writer.write({ id: '__proto__', name: 'abc', domain });
  await writer.write({ id: strange, name: 'abc', domain });
  expect((await reader.read('__proto__')).token.id).toBe('__proto__');
  expect((await reader.read(strange)).token.id).toBe(strange);
  await expect(reader.read('constructor')).rejects.toMatchObject({ code: 'unknown_token' });
  await expect(reader.read('10')).rejects.toMatchObject({ code: 'never_written' });
});

test('the list has the tokens that a node holds, in natural order', async () => {
  expect(await reader.list()).toEqual(['9', '10', '__proto__', strange]);
  expect(await connect('S3').list()).toEqual([]);
});

test.each<[ErrorCode, status, (raw: RawCalls) => ReturnType<RawCalls['failure']>]>([
  ['unknown_token', status.NOT_FOUND, (raw) => raw.failure(methods.read, { id: 'other' })],
  ['never_written', status.FAILED_PRECONDITION, (raw) => raw.failure(methods.read, { id: '9' })],
  ['exists', status.ALREADY_EXISTS, (raw) => raw.failure(methods.create, { id: '9' })],
])('a client that knows only gRPC sees %s as a status and two texts', async (code, expected, call) => {
  const raw = opened(new RawCalls(stand.node('S1').address));
  expect(await call(raw)).toMatchObject({ status: expected, code, definite: 'true' });
});

test('a change of unknown outcome says so, a read is definite', async () => {
  const error = new SynodError('no_quorum', 'only S1 answered', { definite: false });
  await writer.write({ id: '9', name: 'abc', domain });
  stand.node('S1').invoke = (_command, done) => void setImmediate(done, { type: 'error', error });
  const unknown = { code: 'no_quorum', message: 'only S1 answered', definite: false };
  await expect(writer.write({ id: '9', name: 'xyz', domain })).rejects.toMatchObject(unknown);
  await expect(writer.drop('9')).rejects.toMatchObject(unknown);
  await expect(writer.read('9')).rejects.toMatchObject({ ...unknown, definite: true });
});
