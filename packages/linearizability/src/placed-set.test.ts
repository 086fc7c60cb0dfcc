import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PlacedSet } from './placed-set.js';

test('sets have one text exactly if they are equal, whatever was added and taken back to make them', () => {
  const texts = new Map<string, string>();
  fc.assert(
    fc.property(fc.array(fc.nat(7), { maxLength: 20 }), (toggles) => {
      const placed = new PlacedSet();
      const expected = new Set<number>();
      for (const operation of toggles) {
        if (expected.delete(operation)) placed.delete(operation);
        else {
          expected.add(operation);
          placed.add(operation);
        }
      }
      const members = [...expected].sort().join();
      const text = placed.identify();
      expect(texts.get(text) ?? members).toBe(members);
      texts.set(text, members);
    }),
    { seed: 3, numRuns: 3000 },
  );
  // Equal sets with different texts would make more texts than there are sets.
  expect(texts.size).toBe(new Set(texts.values()).size);
});

test('a long run with a gap at its beginning is a short text', () => {
  const placed = new PlacedSet();
  for (let i = 1; i < 10_000; i++) placed.add(i);
  expect(placed.identify()).toBe('10000:0;');
  placed.add(0);
  expect(placed.identify()).toBe('10000:;');
});
