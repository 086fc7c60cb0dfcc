import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LinkRequest } from '../gen/synod/peer/v1/peer.js';
import { pack, Reassembly } from './framing.js';

const frameBytes = 64;
const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 30 });

function unpack(requests: readonly LinkRequest[]): Buffer[] {
  const reassembly = new Reassembly(1000);
  return requests.flatMap(({ content }) => {
    if (content?.$case === 'frame') return content.value.messages;
    const whole = content?.$case === 'fragment' ? reassembly.take(content.value) : undefined;
    return whole === undefined ? [] : [Buffer.from(whole)];
  });
}

test('what is packed is unpacked, in order, whatever its length', () => {
  fc.assert(
    fc.property(messages, (sent) => {
      const requests = pack(sent, frameBytes).map(({ request }) =>
        LinkRequest.decode(LinkRequest.encode(request).finish()),
      );
      expect(unpack(requests)).toEqual(sent.map((message) => Buffer.from(message)));
    }),
    { seed: 7, numRuns: 500 },
  );
});

test('no request is longer than a frame and what protobuf puts around it', () => {
  fc.assert(
    fc.property(messages, (sent) => {
      for (const { request, bytes } of pack(sent, frameBytes)) {
        expect(bytes).toBeLessThanOrEqual(frameBytes);
        expect(LinkRequest.encode(request).finish().length).toBeLessThanOrEqual(frameBytes + 10);
      }
    }),
    { seed: 7, numRuns: 500 },
  );
});

test('short messages of one turn share a frame', () => {
  const turn = Array.from({ length: 5 }, () => Buffer.from('short'));
  expect(pack(turn, frameBytes)).toHaveLength(1);
  expect(pack([], frameBytes)).toHaveLength(0);
});

describe('reassembly', () => {
  test('stops at its limit, before the last piece has come', () => {
    const reassembly = new Reassembly(100);
    reassembly.take({ data: Buffer.alloc(60), last: false });
    expect(() => reassembly.take({ data: Buffer.alloc(60), last: false })).toThrow(
      'a message is longer than 100 bytes',
    );
  });

  test('takes a message of exactly the limit, and begins anew after it', () => {
    const reassembly = new Reassembly(100);
    for (let i = 0; i < 3; i++) {
      reassembly.take({ data: Buffer.alloc(60), last: false });
      expect(reassembly.unfinished).toBe(true);
      expect(reassembly.take({ data: Buffer.alloc(40), last: true })).toHaveLength(100);
      expect(reassembly.unfinished).toBe(false);
    }
  });

  test('refuses empty pieces, which would grow a list for ever without reaching the limit', () => {
    expect(() => new Reassembly(100).take({ data: Buffer.alloc(0), last: false })).toThrow('a fragment is empty');
  });
});
