import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareNatural } from './natural-order.js';

test('digits compare as numbers: S2 stands before S10', () => {
  expect(['S10', 'S2', 'S1', 'S9', 'S11'].sort(compareNatural)).toEqual(['S1', 'S2', 'S9', 'S10', 'S11']);
});

test.each([
  ['', 'S'],
  ['S', 'S1'],
  ['S1', 'S1a'],
  ['S2b1', 'S10a1'],
  ['1', 'S'],
  ['S01', 'S1'],
  ['S007', 'S7'],
  ['S7', 'S08'],
  ['S99999999999999999998', 'S99999999999999999999'],
  ['127.0.0.3:8000', '127.0.0.20:8000'],
  ['127.0.0.20:900', '127.0.0.20:8000'],
])('%j stands before %j', (first, second) => {
  expect(compareNatural(first, second)).toBeLessThan(0);
  expect(compareNatural(second, first)).toBeGreaterThan(0);
});

/** Names in which digits, leading zeros and letters meet often. */
const name = fc.oneof(
  fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', 'S', '!', 'é', '😀'), maxLength: 6 }),
  fc.string(),
);
const sign = (a: string, b: string): number => Math.sign(compareNatural(a, b));

test('is a total order: antisymmetric, and only equal names compare equal', () => {
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(sign(a, b) + sign(b, a)).toBe(0);
      expect(compareNatural(a, b) === 0).toBe(a === b);
    }),
    { numRuns: 2000 },
  );
});

test('is transitive', () => {
  fc.assert(
    fc.property(fc.tuple(name, name, name), (names) => {
      const [a, b, c] = names.sort(compareNatural);
      expect(sign(a, b)).toBeLessThanOrEqual(0);
      expect(sign(b, c)).toBeLessThanOrEqual(0);
      expect(sign(a, c)).toBeLessThanOrEqual(0);
    }),
    { numRuns: 5000 },
  );
});
