import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PeerServiceService, type LinkRequest } from '../gen/synod/peer/v1/peer.js';
import { peerLink as byHand } from './link-frames.js';

const generated = PeerServiceService.link;

const bytes = fc.oneof(
  { weight: 10, arbitrary: fc.uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some)) },
  { weight: 1, arbitrary: fc.constantFrom(64, 65, 127, 128, 16_384, 70_000).map((size) => Buffer.alloc(size, 7)) },
);
const number = fc.oneof(fc.constantFrom(0, 1, 127, 128, 2 ** 32, Number.MAX_SAFE_INTEGER), fc.maxSafeNat());
const frames = fc
  .record({ messages: fc.array(bytes, { maxLength: 20 }), number }, { noNullPrototype: true })
  .map((value): LinkRequest => ({ content: { $case: 'frame', value } }));

test('a frame is written to the same bytes as by generated code, and read to the same', () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const written = byHand.requestSerialize(frame);
      expect(written.equals(generated.requestSerialize(frame))).toBe(true);
      expect(isDeepStrictEqual(byHand.requestDeserialize(written), frame)).toBe(true);
    }),
    { seed: 11, numRuns: 500 },
  );
});

test('what is no frame is written and read by generated code', () => {
  const fragment: LinkRequest = {
    content: { $case: 'fragment', value: { data: Buffer.from('ab'), last: true, number: 3 } },
  };
  expect(byHand.requestDeserialize(byHand.requestSerialize(fragment))).toEqual(fragment);
  expect(byHand.requestDeserialize(byHand.requestSerialize({ content: undefined }))).toEqual({ content: undefined });
});

describe('a frame that another program writes in its own way is read all the same', () => {
  const message = [0x0a, 0x02, 0x61, 0x62];
  const seven = [0x10, 0x07];
  test.each([
    ['the number first', [0x12, 0x06, ...seven, ...message]],
    ['a field that is unknown here', [0x12, 0x08, ...message, ...seven, 0x18, 0x01]],
    ['an unknown field behind it', [0x12, 0x06, ...message, ...seven, 0x28, 0x01]],
    ['in two parts', [0x12, 0x04, ...message, 0x12, 0x02, ...seven]],
    ['its length in more bytes than it needs', [0x12, 0x86, 0x00, ...message, ...seven]],
  ])('%s', (_, written) => {
    const read = byHand.requestDeserialize(Buffer.from(written));
    expect(read).toEqual(generated.requestDeserialize(Buffer.from(written)));
    expect(read.content).toMatchObject({ $case: 'frame', value: { number: 7 } });
  });
});

test('bytes that are cut short are refused', () => {
  const written = byHand.requestSerialize({
    content: { $case: 'frame', value: { messages: [Buffer.from('abc')], number: 300 } },
  });
  for (let length = 1; length < written.length; length++) {
    expect(() => byHand.requestDeserialize(written.subarray(0, length))).toThrow();
  }
});
