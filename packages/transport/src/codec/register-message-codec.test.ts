import { describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { noMark, type Cell, type RegisterMessage, type WriteItem } from '@synod/register';
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
const item = { number: count, key };
const atMost = { minLength: 1, maxLength: 4 };
const items = fc.array(fc.record(item), atMost);
const values = fc.array(fc.record({ ...item, cell: fc.option(cell, { nil: undefined }) }), atMost);
const cells = fc.array(fc.record({ ...item, cell }), atMost);

const messages: Record<RegisterMessage['type'], fc.Arbitrary<RegisterMessage>> = {
  read: fc.record({ type: fc.constant('read'), incarnation, mark: incarnation, items }),
  value: fc.record({ type: fc.constant('value'), incarnation, items: values }),
  write: fc.record({ type: fc.constant('write'), incarnation, mark: incarnation, items: cells }),
  ack: fc.record({ type: fc.constant('ack'), incarnation, items }),
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
    const sent = write({ cell: { ...aCell, value: Buffer.alloc(0) } });
    expect(registerMessageCodec.decode(registerMessageCodec.encode(sent))).toEqual(sent);
  });

  test('a value that is a part of a larger Uint8Array', () => {
    const bytes = Uint8Array.from([1, 2, 3, 4, 5]).subarray(1, 4);
    const sent = write({ cell: { ...aCell, value: bytes } });
    const read = registerMessageCodec.decode(registerMessageCodec.encode(sent));
    expect(read).toEqual(write({ cell: { ...aCell, value: Buffer.from(bytes) } }));
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

const aLife = '00000000000000a1';
const aCell: Cell = { counter: 1, writer: 'S1', incarnation: aLife, value: undefined };
const aWrite: WriteItem = { number: 1, key: 'a', cell: aCell };
/** A message of one cell, with something else about it. */
const write = (change: Partial<WriteItem>, type: 'write' | 'value' = 'write'): RegisterMessage => ({
  type,
  incarnation: aLife,
  mark: noMark,
  items: [{ ...aWrite, ...change }],
});

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

  const packed = (change: Partial<WriteItem>, type?: 'value'): Buffer =>
    Buffer.from(registerMessageCodec.encode(write(change, type)));
  const told = packed({}, 'value');
  /** What that says, with other bytes from an offset on. */
  const withAt = (at: number, bytes: Uint8Array): Buffer =>
    Buffer.concat([told.subarray(0, at), bytes, told.subarray(at + 1)]);
  const [typeAt, countAt, keyAt] = [0, 1 + 8, 1 + 8 + 1 + 1 + 1];
  const [flagAt, counterAt] = [keyAt + 1, keyAt + 2];
  const counterOf2To53 = Buffer.from('8080808080808010', 'hex');

  test.each<[string, Buffer]>([
    ['request.number must be at least 1', packed({ number: 0 })],
    ['key is empty', packed({ key: '' })],
    ['key is empty', packed({ key: '' }, 'value')],
    ['items must be at least 1', withAt(countAt, Buffer.from([0]))],
    ['key is longer than 512 characters', packed({ key: 'x'.repeat(513) })],
    ['key is not valid Unicode', packed({ key: 'a\ufffd' })],
    ['key is not valid Unicode', withAt(keyAt, Buffer.from([0x80]))],
    ['cell.counter must be at least 1', packed({ cell: { ...aCell, counter: 0 } })],
    ['cell.writer is empty', packed({ cell: { ...aCell, writer: '' } })],
    ['cell is neither there nor absent: 2', withAt(flagAt, Buffer.from([2]))],
    ['cell is neither there nor absent: 9', withAt(flagAt, Buffer.from([9]))],
    ['cell is the first', withAt(flagAt, Buffer.from([5]))],
    [
      'cell is missing',
      Buffer.concat([Buffer.from([0x1f]), told.subarray(1, 9), Buffer.from('0001010161', 'hex'), Buffer.from([0])]),
    ],
    ['message holds a number above 2^53-1', withAt(counterAt, counterOf2To53)],
    ['message holds a number above 2^53-1', withAt(countAt, counterOf2To53)],
    ['message is cut short', withAt(countAt, Buffer.from('ffffffffffffff0f', 'hex'))],
    ['message is cut short', told.subarray(0, -1)],
    ['message has 1 bytes too many', Buffer.concat([told, Buffer.from([0])])],
    ['message has the unknown type 47', withAt(typeAt, Buffer.from([0x2f]))],
  ])('packed: %s', (problem, bytes) => {
    expect(() => registerMessageCodec.decode(bytes)).toThrow(new SynodError('invalid_argument', problem));
  });
});

test('a packed message is these bytes', () => {
  const sent: RegisterMessage = {
    type: 'write',
    incarnation: '0123456789abcdef',
    mark: 'fedcba9876543210',
    items: [
      {
        number: 300,
        key: 'ä',
        cell: { counter: 5, writer: 'S1', incarnation: '0123456789abcdef', value: Buffer.from('v') },
      },
      { number: 301, key: 'b', cell: { counter: 6, writer: 'S2', incarnation: aLife, value: undefined } },
      { number: 302, key: 'c', cell: { counter: 7, writer: 'S2', incarnation: aLife, value: Buffer.alloc(0) } },
    ],
  };
  const bytes = [
    '1f', // write
    '0123456789abcdef', // incarnation of the requests
    '01fedcba9876543210', // mark
    '03', // how many
    'ac02', // number of the first
    '02c3a4', // key
    '03', // a cell with a value
    '05', // counter
    '025331', // writer
    '0123456789abcdef', // incarnation
    '0176', // value
    'ad02' + '0162' + '01' + '06' + '025332' + aLife, // the second, deleted, of another writer
    'ae02' + '0163' + '07' + '07' + '00', // the third, of the same life, with a value of no bytes
  ];
  expect(Buffer.from(registerMessageCodec.encode(sent)).toString('hex')).toBe(bytes.join(''));
});

test('many incarnations, known and forgotten, come back as they were', () => {
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 200; i++) {
      const incarnation = i.toString(16).padStart(16, i % 2 ? 'a' : '0');
      const sent: RegisterMessage = { type: 'ack', incarnation, items: [{ number: 1, key: 'a' }] };
      expect(registerMessageCodec.decode(registerMessageCodec.encode(sent))).toEqual(sent);
    }
  }
});
