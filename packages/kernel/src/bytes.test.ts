import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteReader, ByteWriter } from './bytes.js';
import { SynodError } from './errors.js';
import { InvariantError } from './invariant.js';

const UINT64_MAX = 2n ** 64n - 1n;

type Field =
  | { kind: 'number'; value: number }
  | { kind: 'uint64'; value: bigint }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'text'; value: string }
  | { kind: 'bytes'; value: Uint8Array };

const number = fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.constantFrom(127, 128, 2 ** 32, Number.MAX_SAFE_INTEGER));
const uint64 = fc.oneof(
  fc.bigInt(0n, UINT64_MAX),
  fc.constantFrom(0n, 127n, 128n, 2n ** 53n - 1n, 2n ** 53n, UINT64_MAX),
);
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', minLength: 30, maxLength: 200 }));
const field: fc.Arbitrary<Field> = fc.oneof(
  number.map((value): Field => ({ kind: 'number', value })),
  uint64.map((value): Field => ({ kind: 'uint64', value })),
  fc.boolean().map((value): Field => ({ kind: 'boolean', value })),
  text.map((value): Field => ({ kind: 'text', value })),
  fc.uint8Array({ maxLength: 300 }).map((value): Field => ({ kind: 'bytes', value })),
);

function write(fields: readonly Field[]): Uint8Array {
  const writer = new ByteWriter(1);
  for (const { kind, value } of fields) {
    if (kind === 'number') writer.number(value);
    else if (kind === 'uint64') writer.uint64(value);
    else if (kind === 'boolean') writer.boolean(value);
    else if (kind === 'text') writer.text(value);
    else writer.bytes(value);
  }
  return writer.finish();
}

function read(fields: readonly Field[], bytes: Uint8Array): unknown[] {
  const reader = new ByteReader(bytes);
  const values = fields.map(({ kind }) => (kind === 'bytes' ? [...reader.bytes()] : reader[kind]()));
  reader.done();
  return values;
}

const plain = ({ value }: Field): unknown => (value instanceof Uint8Array ? [...value] : value);
const corrupt: unknown = expect.objectContaining({ name: 'SynodError', code: 'corrupt' });
const failure = (run: () => unknown): unknown => {
  try {
    return { returned: run() };
  } catch (error) {
    return error;
  }
};

describe('round trips', () => {
  test('whatever is written is read back, in any mixture', () => {
    fc.assert(fc.property(fc.array(field), (fields) => expect(read(fields, write(fields))).toEqual(fields.map(plain))));
  });

  test.each([0, 127, 128, 16_383, 16_384, 2 ** 32, 2 ** 53 - 1])('number %d', (value) => {
    expect(new ByteReader(new ByteWriter().number(value).finish()).number()).toBe(value);
  });

  test.each([0n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n, UINT64_MAX])('uint64 %d', (value) => {
    expect(new ByteReader(new ByteWriter().uint64(value).finish()).uint64()).toBe(value);
  });

  test.each([42, 43, 127, 128, 200])('a text of %i letters, on both sides of the one-byte length', (length) => {
    const value = 'ä'.repeat(length);
    expect(new ByteReader(new ByteWriter().text(value).finish()).text()).toBe(value);
  });

  test('a number is written alike as number and as uint64', () => {
    fc.assert(
      fc.property(number, (value) => {
        expect(new ByteWriter().uint64(BigInt(value)).finish()).toEqual(new ByteWriter().number(value).finish());
      }),
    );
  });

  test('the form is pinned: what is on disks must stay readable', () => {
    const bytes = new ByteWriter()
      .number(300)
      .uint64(UINT64_MAX)
      .boolean(true)
      .text('é')
      .bytes(Uint8Array.of(7))
      .finish();
    expect(Buffer.from(bytes).toString('hex')).toBe(`ac02${'ff'.repeat(9)}010102c3a90107`);
  });

  test('what was finished does not change when the writer goes on', () => {
    const writer = new ByteWriter().number(1);
    const first = writer.finish();
    writer.number(2);
    expect([...first]).toEqual([1]);
  });

  test('what was taken does not change when the writer is used again, from its beginning', () => {
    const writer = new ByteWriter().number(1).number(2);
    expect(writer.length).toBe(2);
    const first = writer.take();
    expect([...writer.number(3).take()]).toEqual([3]);
    expect([...first]).toEqual([1, 2]);
  });

  test('a reader of a part of a buffer sees only that part', () => {
    const whole = Uint8Array.of(9, 9, 1, 65, 9);
    const reader = new ByteReader(whole.subarray(2, 4));
    expect(reader.text()).toBe('A');
    reader.done();
  });
});

describe('damaged bytes', () => {
  test('bytes that end early are corrupt, wherever they are cut', () => {
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), fc.nat(), (fields, at) => {
        const bytes = write(fields);
        expect(failure(() => read(fields, bytes.subarray(0, at % bytes.length)))).toEqual(corrupt);
      }),
    );
  });

  test('arbitrary bytes are read or refused as corrupt, and what is read is written back alike', () => {
    fc.assert(
      fc.property(
        fc.array(field, { minLength: 1, maxLength: 4 }),
        fc.uint8Array({ maxLength: 40 }),
        (fields, bytes) => {
          const result = failure(() => read(fields, bytes)) as { returned: unknown[] } | Error;
          if (result instanceof Error) return expect(result).toEqual(corrupt);
          const again = fields.map(({ kind }, i) => {
            const value = result.returned[i];
            return { kind, value: kind === 'bytes' ? Uint8Array.from(value as number[]) : value } as Field;
          });
          expect([...write(again)]).toEqual([...bytes]);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['2^53 as a number', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10], 'number'],
    ['nine bytes as a number', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], 'number'],
    ['200 continuation bytes as a number', [...Array<number>(200).fill(0x80), 0], 'number'],
    ['a number that is not in its shortest form', [0x81, 0x00], 'number'],
    ['2^64 as uint64', [...Array<number>(9).fill(0x80), 0x02], 'uint64'],
    ['eleven bytes as uint64', [...Array<number>(10).fill(0x80), 0x01], 'uint64'],
    ['two as a boolean', [2], 'boolean'],
    ['half a character as a text', [1, 0xc3], 'text'],
    ['a length beyond the end', [0xff, 0xff, 0x03, 1, 2], 'bytes'],
  ] as const)('%s is corrupt', (_, bytes, kind) => {
    expect(failure(() => new ByteReader(Uint8Array.from(bytes))[kind]())).toEqual(corrupt);
  });

  test('bytes left over are corrupt', () => {
    expect(() => new ByteReader(Uint8Array.of(1, 2)).done()).toThrow(SynodError);
  });
});

describe('values that have no form', () => {
  test.each([-1, 0.5, NaN, Infinity, 2 ** 53])('number %d is refused', (value) => {
    expect(() => new ByteWriter().number(value)).toThrow(InvariantError);
  });

  test.each([-1n, UINT64_MAX + 1n])('uint64 %d is refused', (value) => {
    expect(() => new ByteWriter().uint64(value)).toThrow(InvariantError);
  });
});

test('bytes are read as a text of one character a byte, too', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (value) => {
      const written = new ByteWriter().bytes(value).number(7).finish();
      const reader = new ByteReader(written);
      const text = reader.latin1();
      expect(Buffer.from(text, 'latin1')).toEqual(Buffer.from(value));
      expect(new ByteWriter().latin1(text).number(7).finish()).toEqual(written);
      expect(reader.number()).toBe(7);
    }),
  );
  expect(() => new ByteReader(Uint8Array.of(2, 65)).latin1()).toThrow('the bytes end early');
});

test('what another writer has finished stands as it was written there', () => {
  const inner = new ByteWriter().text('grüße').number(300).finish();
  const reader = new ByteReader(new ByteWriter(1).number(1).raw(inner).boolean(true).finish());
  expect([reader.number(), reader.text(), reader.number(), reader.boolean()]).toEqual([1, 'grüße', 300, true]);
  reader.done();
});
