import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import {
  RegisterServiceService,
  SessionRequest,
  SessionResponse,
  type Operation,
  type OperationResult,
} from '../gen/synod/register/v1/register_service.js';
import { readOperation, readResult } from '../register/register-wire.js';
import { registerSession as byHand } from './register-session-frames.js';

const generated = RegisterServiceService.session;

type Requests = ReturnType<typeof byHand.requestDeserialize>;
type Responses = ReturnType<typeof byHand.responseDeserialize>;

function readRequests({ items }: SessionRequest): Requests {
  return {
    items: items.map(({ number, request }) => ({
      number,
      request: request?.operation && readOperation(request.operation),
    })),
  };
}

function readResponses({ results }: SessionResponse): Responses {
  return { results: results.map(({ number, result }) => ({ number, result: readResult(result) })) };
}

const text = fc.oneof(
  fc.constantFrom(
    'a',
    'token/007',
    '\ufeffa',
    'x'.repeat(127),
    'x'.repeat(128),
    'ü'.repeat(64),
    '\ufffd',
    '😀'.repeat(256),
  ),
  fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
  // With halves of surrogate pairs, too.
  fc.array(fc.nat(0xffff), { minLength: 1, maxLength: 5 }).map((units) => String.fromCharCode(...units)),
);
const count = fc.oneof(
  fc.constantFrom(1, 127, 128, 2 ** 32 - 1, 2 ** 32, 2 ** 49, Number.MAX_SAFE_INTEGER),
  fc.integer({ min: 1, max: 1000 }),
  fc.maxSafeNat().map((number) => Math.max(1, number)),
);
const bytes = fc.oneof(
  { weight: 10, arbitrary: fc.uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some)) },
  { weight: 1, arbitrary: fc.constantFrom(100, 128, 16_000, 16_384, 70_000).map((size) => Buffer.alloc(size, 7)) },
);
const tag = fc.record({ counter: count, writer: text });
const optional = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });

const eight = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((some) => Buffer.from(some));
const held = { value: optional(bytes), replicas: fc.integer({ min: 1, max: 2 ** 32 - 1 }), basis: eight };
const silent = { value: undefined, tag: undefined, incarnation: Buffer.alloc(0), replicas: 0, basis: Buffer.alloc(0) };
const reply = fc.oneof(
  fc.record({ ...held, tag, incarnation: eight }),
  fc.record({ ...held, tag: fc.constant(undefined), incarnation: fc.constant(Buffer.alloc(0)) }),
);

const operation: fc.Arbitrary<Operation> = fc.record({
  operation: fc.oneof(
    fc.record({ $case: fc.constantFrom('read' as const, 'delete' as const), value: fc.record({ key: text }) }),
    fc.record({ $case: fc.constant('write' as const), value: fc.record({ key: text, value: bytes }) }),
    fc.record({
      $case: fc.constant('consult' as const),
      value: fc.record({ keys: fc.array(text, { maxLength: 4 }), timestampOnly: fc.boolean() }),
    }),
  ),
});
const answer: fc.Arbitrary<OperationResult> = fc.record({
  result: fc.oneof(
    fc.record({
      $case: fc.constant('read' as const),
      value: fc.record({ value: optional(bytes), tag: optional(tag) }),
    }),
    fc.record({ $case: fc.constant('written' as const), value: fc.record({ tag }) }),
    fc.record({
      $case: fc.constant('consulted' as const),
      value: fc.record({ replies: fc.array(fc.oneof(reply, fc.constant(silent)), { maxLength: 4 }) }),
    }),
  ),
});
const failure: fc.Arbitrary<OperationResult> = fc.record({
  result: fc.record({
    $case: fc.constant('failure' as const),
    value: fc.record({ code: fc.constantFrom('no_quorum', 'internal'), message: text, definite: fc.boolean() }),
  }),
});

/** As nearly all are. */
const usualRequest = fc.record({ items: fc.array(fc.record({ number: count, request: operation })) });
const usualResponse = fc.record({ results: fc.array(fc.record({ number: count, result: answer })) });

/** What can be written here: as a foreign client would, with zeros, too. */
const anyNumber = fc.oneof(fc.constant(0), count);
const oddOperation = fc.constantFrom<Operation>(
  { operation: { $case: 'read', value: { key: '' } } },
  { operation: { $case: 'write', value: { key: '', value: Buffer.from('v') } } },
);
const writtenRequest: fc.Arbitrary<SessionRequest> = fc.record({
  items: fc.array(fc.record({ number: anyNumber, request: optional(fc.oneof(operation, oddOperation)) })),
});
const writtenResponse: fc.Arbitrary<SessionResponse> = fc.record({
  results: fc.array(fc.record({ number: anyNumber, result: fc.oneof(answer, failure) })),
});

/** What makes no sense, too. */
const oddTag = fc.record({ counter: anyNumber, writer: fc.oneof(fc.constant(''), text) });
const anyRequest: fc.Arbitrary<SessionRequest> = fc.record({
  items: fc.array(
    fc.record({
      number: anyNumber,
      request: optional(fc.oneof(operation, oddOperation, fc.constant({ operation: undefined }))),
    }),
  ),
});
const anyResponse: fc.Arbitrary<SessionResponse> = fc.record({
  results: fc.array(
    fc.record({
      number: anyNumber,
      result: optional(
        fc.oneof(
          answer,
          failure,
          fc.constantFrom<OperationResult>(
            { result: undefined },
            { result: { $case: 'written', value: { tag: undefined } } },
          ),
          oddTag.map((value) => ({ result: { $case: 'written' as const, value: { tag: value } } })),
        ),
      ),
    }),
  ),
});

const seed = 20_240_601;

/** A direction of the stream, as bytes: those of the generated code, and what is made of them. */
interface Side {
  readonly name: string;
  readonly usual: fc.Arbitrary<Buffer>;
  readonly any: fc.Arbitrary<Buffer>;
  /** Of the same frames: what both write. */
  readonly written: fc.Arbitrary<{ readonly expected: Buffer; readonly found: Buffer }>;
  readonly decoder: { decode(bytes: Uint8Array): unknown };
  readonly expect: (bytes: Buffer) => unknown;
  readonly find: (bytes: Buffer) => unknown;
}

const sides: readonly Side[] = [
  {
    name: 'requests',
    usual: usualRequest.map(generated.requestSerialize),
    any: anyRequest.map(generated.requestSerialize),
    written: writtenRequest.map((frame) => ({
      expected: generated.requestSerialize(frame),
      found: byHand.requestSerialize(readRequests(frame)),
    })),
    decoder: SessionRequest,
    expect: (bytes) => readRequests(generated.requestDeserialize(bytes)),
    find: byHand.requestDeserialize,
  },
  {
    name: 'responses',
    usual: usualResponse.map(generated.responseSerialize),
    any: anyResponse.map(generated.responseSerialize),
    written: writtenResponse.map((frame) => ({
      expected: generated.responseSerialize(frame),
      found: byHand.responseSerialize(readResponses(frame)),
    })),
    decoder: SessionResponse,
    expect: (bytes) => readResponses(generated.responseDeserialize(bytes)),
    find: byHand.responseDeserialize,
  },
];

afterEach(() => {
  jest.restoreAllMocks();
});

/** What becomes of it: what is decoded, or why it is not. */
function outcomeOf(decode: () => unknown): unknown {
  try {
    return decode();
  } catch (error) {
    return String(error);
  }
}

describe.each(sides)('$name', (side) => {
  const isReadAlike = (bytes: Buffer): void => {
    const expected = outcomeOf(() => side.expect(bytes));
    const found = outcomeOf(() => side.find(bytes));
    // Much faster than `expect`, of which there would be hundreds of thousands.
    if (!isDeepStrictEqual(found, expected)) expect({ bytes, found }).toStrictEqual({ bytes, found: expected });
  };

  test('are the same bytes as those of generated code', () => {
    fc.assert(
      fc.property(side.written, ({ expected, found }) => {
        expect(found.equals(expected)).toBe(true);
      }),
      { seed, numRuns: 3_000 },
    );
  });

  test('are read as generated code reads them', () => {
    fc.assert(fc.property(side.any, isReadAlike), { seed, numRuns: 3_000 });
  });

  test('as nearly all are, are read without generated code', () => {
    const frames = fc.sample(side.usual, { seed, numRuns: 1_000 });
    const decode = jest.spyOn(side.decoder, 'decode');
    for (const frame of frames) side.find(frame);
    expect(decode).not.toHaveBeenCalled();
  });

  test('that are cut short or have a flipped bit mean what generated code makes of them', () => {
    for (const frame of fc.sample(side.any, { seed, numRuns: 300 }).filter(({ length }) => length < 100)) {
      for (let at = 0; at < frame.length; at++) {
        isReadAlike(frame.subarray(0, at));
        for (let bit = 1; bit < 0x100; bit *= 2) {
          const flipped = Buffer.from(frame);
          flipped[at]! ^= bit;
          isReadAlike(flipped);
        }
      }
    }
  });
});

describe('what other writers may write, and the hand-written reader does not know', () => {
  const part = (tag: number, ...content: readonly number[]): number[] => [tag, content.length, ...content];
  const number = [0x08, 5];
  const key = part(0x0a, 0x61);
  const read = part(0x12, ...part(0x0a, ...key));
  const unknown = part(0x7a, 1, 2, 3);

  test.each<[string, number[]]>([
    ['no number', part(0x0a, ...read)],
    ['the number last', part(0x0a, ...read, ...number)],
    ['the number twice', part(0x0a, ...number, ...number, ...read)],
    ['a number with more bytes than it needs', part(0x0a, 0x08, 0x85, 0x80, 0x80, 0x00, ...read)],
    ['a number of ten bytes', part(0x0a, 0x08, ...Array<number>(9).fill(0x85), 0x00, ...read)],
    ['a number above 2^53-1', part(0x0a, 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, ...read)],
    ['a length with more bytes than it needs', [0x0a, 0x8a, 0x80, 0x00, ...number, ...read]],
    ['a tag with more bytes than it needs', part(0x0a, 0x88, 0x00, 5, ...read)],
    ['two requests, of which the last counts', part(0x0a, ...number, ...read, ...part(0x12, ...part(0x1a, ...key)))],
    [
      'two operations in one request',
      part(0x0a, ...number, ...part(0x12, ...part(0x0a, ...key), ...part(0x1a, ...key))),
    ],
    ['two keys', part(0x0a, ...number, ...part(0x12, ...part(0x0a, ...part(0x0a, 0x62), ...key)))],
    ['an unknown field of the frame', [...unknown, ...part(0x0a, ...number, ...read)]],
    ['an unknown field of an item', part(0x0a, ...number, ...unknown, ...read)],
    ['an unknown field of a request', part(0x0a, ...number, ...part(0x12, ...unknown, ...part(0x0a, ...key)))],
    ['an unknown field of a read', part(0x0a, ...number, ...part(0x12, ...part(0x0a, ...key, ...unknown)))],
    ['an unknown operation', part(0x0a, ...number, ...part(0x12, ...part(0x2a, ...key)))],
    ['a flag that is neither true nor false', part(0x0a, ...number, ...part(0x12, ...part(0x22, ...key, 0x10, 2)))],
    ['a flag that is false', part(0x0a, ...number, ...part(0x12, ...part(0x22, ...key, 0x10, 0)))],
    ['a group', part(0x0a, ...number, 0x1b, ...number, 0x1c, ...read)],
    ['an empty value that is written', part(0x0a, ...number, ...part(0x12, ...part(0x12, ...key, ...part(0x12))))],
    ['an empty item', part(0x0a)],
    [
      'a key that is no UTF-8',
      part(0x0a, ...number, ...part(0x12, ...part(0x0a, ...part(0x0a, 0xe2, 0x82, 0x41, 0xc0, 0x80)))),
    ],
  ])('%s', (_name, form) => {
    const bytes = Buffer.from(form);
    const expected = outcomeOf(() => readRequests(generated.requestDeserialize(bytes)));
    expect(outcomeOf(() => byHand.requestDeserialize(bytes))).toStrictEqual(expected);
  });
});

test('what is read is no part of the frame, whose memory others use again', () => {
  const request = { type: 'write', key: 'a', value: Buffer.from('value') } as const;
  const frame = byHand.requestSerialize({ items: [{ number: 1, request }] });
  const { items } = byHand.requestDeserialize(frame);
  frame.fill(0);
  expect(items).toStrictEqual([{ number: 1, request }]);
});

test('a frame stays as it is when the next is written', () => {
  const frame = (key: string): Buffer =>
    byHand.requestSerialize({ items: [{ number: 1, request: { type: 'read', key } }] });
  const first = frame('a');
  frame('b');
  expect(first).toEqual(frame('a'));
});
