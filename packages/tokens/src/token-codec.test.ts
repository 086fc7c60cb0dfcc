import { describe, expect, test } from '@jest/globals';
import { ByteWriter } from '@synod/kernel';
import fc from 'fast-check';
import { decodeToken, encodeToken, type TokenValue } from './index.js';

const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const domain = fc
  .uniqueArray(uint64, { minLength: 3, maxLength: 3 })
  .map((ends) => ends.sort((a, b) => (a < b ? -1 : 1)) as [bigint, bigint, bigint])
  .map(([low, mid, high]) => ({ low, mid, high }));
const written: fc.Arbitrary<TokenValue> = fc.record({
  kind: fc.constant('written' as const),
  name: fc.string({ unit: 'grapheme', maxLength: 200 }),
  domain,
  partial: fc.option(fc.record({ x: uint64, hash: uint64 }), { nil: undefined }),
});
const corrupt = expect.objectContaining({ code: 'corrupt' }) as unknown as Error;

test('what is written is read back', () => {
  fc.assert(fc.property(written, (value) => expect(decodeToken(encodeToken(value))).toEqual(value)));
  expect(decodeToken(encodeToken({ kind: 'created' }))).toEqual({ kind: 'created' });
});

test('the form is pinned: what is on disks must stay readable', () => {
  const value = { kind: 'written' as const, name: 'abc', domain: { low: 1n, mid: 5n, high: 25n } };
  const bytes = encodeToken({ ...value, partial: { x: 4n, hash: 2207634929195471568n } });
  expect(Buffer.from(bytes).toString('hex')).toBe('0101036162630105190104d0a5c3a3d888c6d11e');
});

describe('corrupt:', () => {
  test('bytes that end early or go on', () => {
    fc.assert(
      fc.property(written, fc.nat(), (value, at) => {
        const bytes = encodeToken(value);
        expect(() => decodeToken(bytes.subarray(0, at % bytes.length))).toThrow(corrupt);
        expect(() => decodeToken(Uint8Array.of(...bytes, 0))).toThrow(corrupt);
      }),
    );
  });

  test('another form', () => {
    expect(() => decodeToken(Uint8Array.of(2, 0))).toThrow('stored token has form 2: this program knows 1');
  });

  test('a domain that none can have', () => {
    const bytes = new ByteWriter().number(1).boolean(true).text('a').uint64(9n).uint64(5n).uint64(7n).boolean(false);
    expect(() => decodeToken(bytes.finish())).toThrow(corrupt);
  });
});
