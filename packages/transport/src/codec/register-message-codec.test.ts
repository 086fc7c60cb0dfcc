import { describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { noMark, type Cell, type RegisterMessage } from '@synod/register';
import fc from 'fast-check';
import { Message } from '../gen/synod/register/v1/messages.js';
import { registerMessageCodec } from './register-message-codec.js';

const key = fc.oneof(
  fc.constantFrom('a', 'token/007', '\ufeffa', 'x'.repeat(512)),
  fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
);
const name = fc.constantFrom('S1', 'S10', '127.0.0.1:5001', 'größer');
const count = fc.oneof(fc.constantFrom(1, 2 ** 32, Number.MAX_SAFE_INTEGER), fc.integer({ min: 1, max: 1000 }));
const incarnation = fc.oneof(
  fc.constantFrom('0'.repeat(16), 'f'.repeat(16), '8000000000000000', '000000000000000a'),
  fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('hex')),
);
const value = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const request = fc.record({ incarnation, number: count });
const cell: fc.Arbitrary<Cell> = fc.record({
  counter: count,
  writer: name,
  incarnation,
  value: fc.option(value, { nil: undefined }),
});
const question = { request, key };
const marked = { ...question, mark: incarnation };

const messages: Record<RegisterMessage['type'], fc.Arbitrary<RegisterMessage>> = {
  read: fc.record({ type: fc.constant('read'), ...marked }),
  value: fc.record({ type: fc.constant('value'), ...question, cell: fc.option(cell, { nil: undefined }) }),
  write: fc.record({ type: fc.constant('write'), ...marked, cell }),
  ack: fc.record({ type: fc.constant('ack'), ...question }),
  introduce: fc.record({
    type: fc.constant('introduce'),
    identity: incarnation,
    replaces: fc.option(incarnation, { nil: undefined }),
  }),
  acquainted: fc.record({ type: fc.constant('acquainted'), identity: incarnation }),
  copy: fc.record({
    type: fc.constant('copy'),
    request,
    mark: incarnation,
    from: fc.oneof(fc.constant(0), count),
    members: fc.array(name, { maxLength: 5 }),
  }),
  page: fc.record({
    type: fc.constant('page'),
    request,
    incarnation,
    identity: incarnation,
    cells: fc.array(fc.record({ key, cell }), { maxLength: 4 }),
    next: fc.option(count, { nil: undefined }),
  }),
  configuration: fc.record({
    type: fc.constant('configuration'),
    replacements: fc.array(
      fc.record({ node: name, version: count, disk: incarnation, address: name, done: fc.boolean() }),
      { maxLength: 3 },
    ),
  }),
};

const seed = 20_240_601;

describe('comes back as it was', () => {
  test.each(Object.entries(messages))('%s', (_type, message) => {
    fc.assert(
      fc.property(message, (sent) => {
        expect(registerMessageCodec.decode(registerMessageCodec.encode(sent))).toEqual(sent);
      }),
      { seed, numRuns: 500 },
    );
  });

  test('a value of no bytes, which is not a tombstone', () => {
    const sent = { type: 'write', ...fixed, cell: { ...aCell, value: Buffer.alloc(0) } } as const;
    expect(registerMessageCodec.decode(registerMessageCodec.encode(sent))).toEqual(sent);
  });

  test('a value that is a part of a larger Uint8Array', () => {
    const bytes = Uint8Array.from([1, 2, 3, 4, 5]).subarray(1, 4);
    const sent = { type: 'write', ...fixed, cell: { ...aCell, value: bytes } } as const;
    const read = registerMessageCodec.decode(registerMessageCodec.encode(sent));
    expect(read).toEqual({ ...sent, cell: { ...aCell, value: Buffer.from(bytes) } });
  });
});

test('bytes that are cut short or flipped make a message or an invalid_argument, nothing else', () => {
  fc.assert(
    fc.property(fc.oneof(...Object.values(messages)), fc.nat(), fc.nat(255), (sent, position, flip) => {
      const bytes = registerMessageCodec.encode(sent);
      const at = position % bytes.length;
      const flipped = Uint8Array.from(bytes);
      flipped[at]! ^= flip;
      for (const damaged of [bytes.subarray(0, at), flipped]) {
        try {
          registerMessageCodec.decode(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(SynodError);
          expect((error as SynodError).code).toBe('invalid_argument');
        }
      }
    }),
    { seed, numRuns: 2000 },
  );
});

const fixed = { request: { incarnation: '00000000000000a1', number: 1 }, mark: noMark, key: 'a' };
const aCell: Cell = { counter: 1, writer: 'S1', incarnation: '00000000000000a1', value: undefined };

describe('nonsense is refused by the name of its field', () => {
  const aRequest = { incarnation: 1n, number: 1 };
  const wireCell = { counter: 1, writer: 'S1', incarnation: 1n };
  const copy = (change: object): Message => ({
    content: { $case: 'copy', value: { request: aRequest, from: 0, members: ['S1'], mark: 0n, ...change } },
  });
  const page = (cells: { key: string; cell: typeof wireCell | undefined }[], change = {}): Message => ({
    content: {
      $case: 'page',
      value: { request: aRequest, incarnation: 1n, identity: 1n, cells, next: 0, ...change },
    },
  });

  const configuration = (change: object): Message => ({
    content: {
      $case: 'configuration',
      value: { replacements: [{ node: 'S1', version: 1, disk: 1n, address: 'h:1', done: false, ...change }] },
    },
  });

  test.each<[string, Message]>([
    ['message is missing', { content: undefined }],
    ['request is missing', copy({ request: undefined })],
    ['request is missing', page([], { request: undefined })],
    ['member is empty', copy({ members: ['S1', ''] })],
    ['cells.key is empty', page([{ key: '', cell: wireCell }])],
    ['cells.cell is missing', page([{ key: 'a', cell: undefined }])],
    ['replacements.node is empty', configuration({ node: '' })],
    ['replacements.version must be at least 1', configuration({ version: 0 })],
    ['replacements.address is empty', configuration({ address: '' })],
    ['cells.cell.writer is empty', page([{ key: 'a', cell: { ...wireCell, writer: '' } }])],
  ])('%s', (problem, wire) => {
    const bytes = Message.encode(wire).finish();
    expect(() => registerMessageCodec.decode(bytes)).toThrow(new SynodError('invalid_argument', problem));
  });

  const packed = (change: object): Buffer =>
    Buffer.from(registerMessageCodec.encode({ type: 'write', ...fixed, cell: aCell, ...change }));
  const told = packed({ type: 'value' });
  /** Where the cell of that begins: behind type, incarnation, number, key of one byte and flag. */
  const cellAt = 1 + 8 + 1 + 2 + 1;
  const counterOf2To53 = Buffer.from('8080808080808010', 'hex');

  test.each<[string, Buffer]>([
    ['request.number must be at least 1', packed({ request: { ...fixed.request, number: 0 } })],
    ['key is empty', packed({ key: '' })],
    ['key is empty', packed({ type: 'ack', key: '' })],
    ['key is longer than 512 characters', packed({ key: 'x'.repeat(513) })],
    ['key is not valid Unicode', packed({ key: 'a\ufffd' })],
    ['key is not valid Unicode', Buffer.concat([told.subarray(0, 11), Buffer.from([0x80]), told.subarray(12)])],
    ['cell.counter must be at least 1', packed({ cell: { ...aCell, counter: 0 } })],
    ['cell.writer is empty', packed({ cell: { ...aCell, writer: '' } })],
    ['cell is neither there nor absent: 2', Buffer.concat([told.subarray(0, 12), Buffer.from([2]), told.subarray(13)])],
    [
      'message holds a number above 2^53-1',
      Buffer.concat([told.subarray(0, cellAt), counterOf2To53, told.subarray(cellAt + 1)]),
    ],
    ['message is cut short', told.subarray(0, -1)],
    ['message has 1 bytes too many', Buffer.concat([told, Buffer.from([0])])],
    ['message has the unknown type 47', Buffer.concat([Buffer.from([0x2f]), told.subarray(1)])],
  ])('packed: %s', (problem, bytes) => {
    expect(() => registerMessageCodec.decode(bytes)).toThrow(new SynodError('invalid_argument', problem));
  });
});

test('a packed message is these bytes', () => {
  const sent: RegisterMessage = {
    type: 'write',
    request: { incarnation: '0123456789abcdef', number: 300 },
    mark: 'fedcba9876543210',
    key: 'ä',
    cell: { counter: 5, writer: 'S1', incarnation: '0123456789abcdef', value: Buffer.from('v') },
  };
  const bytes = [
    '1f', // write
    '0123456789abcdef', // incarnation of the request
    'ac02', // its number
    '02c3a4', // key
    '01fedcba9876543210', // mark
    '05', // counter
    '025331', // writer
    '0123456789abcdef', // incarnation
    '010176', // value
  ];
  expect(Buffer.from(registerMessageCodec.encode(sent)).toString('hex')).toBe(bytes.join(''));
});

test('many incarnations, known and forgotten, come back as they were', () => {
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 200; i++) {
      const incarnation = i.toString(16).padStart(16, i % 2 ? 'a' : '0');
      const sent: RegisterMessage = { type: 'ack', request: { incarnation, number: 1 }, key: 'a' };
      expect(registerMessageCodec.decode(registerMessageCodec.encode(sent))).toEqual(sent);
    }
  }
});
