import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LinkRequest } from '../gen/synod/peer/v1/peer.js';
import { pack, packNumber, Reassembly } from './framing.js';

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
      const requests = pack(sent, frameBytes, 7).map(({ request }) =>
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
      for (const { request, bytes } of pack(sent, frameBytes, Number.MAX_SAFE_INTEGER)) {
        expect(bytes).toBeLessThanOrEqual(frameBytes);
        expect(LinkRequest.encode(request).finish().length).toBeLessThanOrEqual(frameBytes + 20);
      }
    }),
    { seed: 7, numRuns: 500 },
  );
});

test('short messages of one turn share a frame', () => {
  const turn = Array.from({ length: 5 }, () => Buffer.from('short'));
  expect(pack(turn, frameBytes, 7)).toHaveLength(1);
  expect(pack([], frameBytes, 7)).toHaveLength(0);
});

test('the number goes with every frame and with the last piece of a long message', () => {
  const sent = [Buffer.alloc(10), Buffer.alloc(100), Buffer.alloc(10)];
  const contents = pack(sent, frameBytes, 7).map(({ request: { content } }) => content);
  expect(contents.map((content) => content?.$case)).toEqual(['frame', 'fragment', 'fragment', 'frame']);
  expect(contents).toMatchObject([7, 0, 7, 7].map((number) => ({ value: { number } })));
  expect(packNumber(8)).toMatchObject({ request: { content: { value: { messages: [], number: 8 } } } });
});

describe('reassembly', () => {
  test('stops at its limit, before the last piece has come', () => {
    const reassembly = new Reassembly(100);
    reassembly.take({ data: Buffer.alloc(60), last: false, number: 0 });
    expect(() => reassembly.take({ data: Buffer.alloc(60), last: false, number: 0 })).toThrow(
      'a message is longer than 100 bytes',
    );
  });

  test('takes a message of exactly the limit, and begins anew after it', () => {
    const reassembly = new Reassembly(100);
    for (let i = 0; i < 3; i++) {
      reassembly.take({ data: Buffer.alloc(60), last: false, number: 0 });
      expect(reassembly.unfinished).toBe(true);
      expect(reassembly.take({ data: Buffer.alloc(40), last: true, number: 0 })).toHaveLength(100);
      expect(reassembly.unfinished).toBe(false);
    }
  });

  test('refuses empty pieces, which would grow a list for ever without reaching the limit', () => {
    expect(() => new Reassembly(100).take({ data: Buffer.alloc(0), last: false, number: 0 })).toThrow(
      'a fragment is empty',
    );
  });
});
