import { expect, test } from '@jest/globals';
import { GroupEncoder } from './group-encoder.js';
import type { RecordCodec } from './ports.js';

const codec: RecordCodec<string> = {
  encode: (key, record, writer) => writer.raw(Buffer.from(key + record)),
  decode: (_, bytes) => Buffer.from(bytes).toString(),
};

const told = (encoder: GroupEncoder<string>, records: [string, string | undefined][]) =>
  encoder.encode(records).map(({ key, value }) => [key, value && codec.decode(key, value)]);

test('each record has its own bytes, whatever is removed, empty or longer than those before', () => {
  const long = 'x'.repeat(5000);
  const records: [string, string | undefined][] = [
    ['a', '1'],
    ['b', undefined],
    ['', ''],
    ['c', long],
    ['d', '4'],
  ];
  const encoder = new GroupEncoder(codec);
  expect(told(encoder, records)).toEqual([
    ['a', 'a1'],
    ['b', undefined],
    ['', ''],
    ['c', `c${long}`],
    ['d', 'd4'],
  ]);
});

test('what one group holds stays as it is when the next one is written', () => {
  const encoder = new GroupEncoder(codec);
  const [first] = encoder.encode([['a', '1']]);
  encoder.encode([['b', '2']]);
  expect(codec.decode('a', first!.value!)).toBe('a1');
  expect(first!.value!.buffer.byteLength).toBe(2);
});
