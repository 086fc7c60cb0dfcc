import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { argMin, hashOf } from './index.js';
import { lesser } from './arg-min.js';
import { golden } from './testing/golden.js';

test.each(golden)('%s [%d, %d) → %d, %d', (name, low, high, x, hash) => {
  expect(argMin(name, low, high)).toEqual({ x, hash });
  expect(hashOf(name, x)).toBe(hash);
});

test('the hash is the first 8 bytes, big-endian, of the SHA-256 of name, space and decimal x', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (name, x) => {
      expect(hashOf(name, x)).toBe(createHash('sha256').update(`${name} ${x}`, 'utf8').digest().readBigUInt64BE());
    }),
    { seed: 1 },
  );
});

test('an empty range has none', () => {
  expect(argMin('abc', 5n, 5n)).toBeUndefined();
});

test.each([2n ** 53n - 3n, 2n ** 53n + 5n, 2n ** 64n - 1n])('ends around and beyond doubles are exact: %d', (high) => {
  const all = Array.from({ length: 8 }, (_, i) => high - 8n + BigInt(i)).map((x) => ({ x, hash: hashOf('a', x) }));
  expect(argMin('a', high - 8n, high)).toEqual(all.reduce((a, b) => (b.hash < a.hash ? b : a)));
  expect(argMin('a', high - 1n, high)).toEqual(all.at(-1));
});

test('of equal hashes the least x, whichever part ends first', () => {
  const [early, late] = [4n, 9n].map((x) => ({ x, hash: 7n }));
  expect(lesser(late, early!)).toBe(early);
  expect(lesser(early, late!)).toBe(early);
  expect(lesser(undefined, late!)).toBe(late);
  expect(lesser({ x: 1n, hash: 8n }, late!)).toBe(late);
});
