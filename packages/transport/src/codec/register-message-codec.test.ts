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
  const read = (change: object): Message => ({
    content: { $case: 'read', value: { request: aRequest, key: 'a', mark: 0n, ...change } },
  });
  const write = (change: object): Message => ({
    content: { $case: 'write', value: { request: aRequest, key: 'a', mark: 0n, cell: { ...wireCell, ...change } } },
  });
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
    ['request is missing', read({ request: undefined })],
    ['request.number must be at least 1', read({ request: { incarnation: 1n, number: 0 } })],
    ['request is missing', copy({ request: undefined })],
    ['request is missing', page([], { request: undefined })],
    ['key is empty', read({ key: '' })],
    ['key is longer than 512 characters', read({ key: 'x'.repeat(513) })],
    ['key is not valid Unicode', read({ key: 'a\ufffd' })],
    ['key is not valid Unicode', read({ key: '\ud800' })],
    [
      'cell is missing',
      { content: { $case: 'write', value: { request: aRequest, key: 'a', mark: 0n, cell: undefined } } },
    ],
    ['cell.counter must be at least 1', write({ counter: 0 })],
    ['cell.writer is empty', write({ writer: '' })],
    [
      'cell.counter must be at least 1',
      { content: { $case: 'value', value: { request: aRequest, key: 'a', cell: { ...wireCell, counter: 0 } } } },
    ],
    ['key is empty', { content: { $case: 'ack', value: { request: aRequest, key: '', mark: 0n } } }],
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

  test('bytes that are not UTF-8 in place of a key', () => {
    // Message { read { request { number: 1 }, key: <80> } }, by hand: the encoder writes no such text.
    const bytes = Uint8Array.from([0x0a, 7, 0x0a, 2, 0x10, 1, 0x12, 1, 0x80]);
    expect(() => registerMessageCodec.decode(bytes)).toThrow(
      new SynodError('invalid_argument', 'key is not valid Unicode'),
    );
  });

  test('a counter above 2^53-1', () => {
    const wire = write({ counter: 2 ** 53 });
    expect(() => registerMessageCodec.decode(Message.encode(wire).finish())).toThrow(/MAX_SAFE_INTEGER/);
  });
});
