import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UnfinishedMessage } from './unfinished-message.js';

/** A message of so many bytes, as gRPC frames it. */
function framed(length: number): Buffer {
  const bytes = Buffer.alloc(5 + length, 7);
  bytes.writeUInt8(0, 0);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

test('whole messages leave nothing, however they are cut into pieces', () => {
  const lengths = fc.array(fc.oneof(fc.nat(3), fc.nat(600)), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(lengths, fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), (messages, pieces) => {
      const stream = Buffer.concat(messages.map(framed));
      const ends = messages.map(
        (
          (end) => (length: number) =>
            (end += 5 + length)
        )(0),
      );
      const message = new UnfinishedMessage();
      for (let at = 0, i = 0; at < stream.length; i++) {
        const next = Math.min(at + pieces[i % pieces.length]!, stream.length);
        message.take(stream.subarray(at, next));
        at = next;
        expect(message.bytes === 0).toBe(ends.includes(at));
      }
    }),
  );
});

test('it counts what has arrived, and something for each piece, but not what was only announced', () => {
  const message = new UnfinishedMessage();
  const bytes = framed(1_000_000);
  message.take(bytes.subarray(0, 3));
  expect(message.bytes).toBeGreaterThanOrEqual(3);
  expect(message.bytes).toBeLessThan(1_000);
  message.take(bytes.subarray(3, 500_000));
  expect(message.bytes).toBeGreaterThanOrEqual(500_000);
  expect(message.bytes).toBeLessThan(501_000);
  const before = message.bytes;
  for (let at = 500_000; at < 500_100; at++) message.take(bytes.subarray(at, at + 1));
  expect(message.bytes - before).toBeGreaterThan(100 * 200);
  message.take(bytes.subarray(500_100));
  expect(message.bytes).toBe(0);
});
