import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pack } from './cell.js';
import { Cells } from './cells.js';

const keys: readonly string[] = ['a', 'b', 'c'];
const arbitraryCell = fc.record({
  set: fc.nat(),
  counter: fc.maxSafeNat(),
  writer: fc.constantFrom('S1', 'S2', '127.0.0.20:8000'),
  incarnation: fc.constantFrom('0123456789abcdef', 'fedcba9876543210'),
  value: fc.option(fc.uint8Array({ maxLength: 600 }), { nil: undefined }),
});

test('what is kept last under a key is there, whatever it is: every byte, empty or a tombstone', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...keys), arbitraryCell)), fc.boolean(), (kept, isPacked) => {
      const cells = new Cells();
      for (const [key, { set, value, ...timestamp }] of kept) {
        const packed = value && pack(value);
        expect(cells.keep(key, set, timestamp, isPacked ? packed : value)).toBe(packed);
      }
      const latest = new Map(kept);
      expect([...cells.sets()]).toEqual([...latest].map(([key, { set }]) => [key, set]));
      for (const key of keys) {
        const expected = latest.get(key);
        expect(cells.setOf(key)).toBe(expected?.set);
        if (!expected) {
          expect([cells.cell(key), cells.timestamp(key)]).toEqual([undefined, undefined]);
          continue;
        }
        const { counter, writer, incarnation, value } = expected;
        expect(cells.cell(key)).toEqual({ counter, writer, incarnation, value });
        expect(cells.timestamp(key)).toEqual({ counter, writer, incarnation });
      }
    }),
  );
});
