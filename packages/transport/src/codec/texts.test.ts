import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Texts } from './texts.js';

test('every text is read as it was written, whatever was read before', () => {
  const texts = new Texts();
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.string({ unit: 'grapheme', maxLength: 100 }))), (written) => {
      for (const text of [...written, ...written]) {
        const bytes = Buffer.from(`before${text}after`);
        const end = bytes.length - 'after'.length;
        expect(texts.read(bytes, 'before'.length, end)).toBe(text);
      }
    }),
    { seed: 1 },
  );
});

test('more of them than are remembered, too', () => {
  const texts = new Texts();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 20_000; i++) {
      const bytes = Buffer.from(`key/${i}`);
      if (texts.read(bytes, 0, bytes.length) !== `key/${i}`) throw new Error(`key/${i} is read as another one`);
    }
  }
});

test('bytes that are no UTF-8 become U+FFFD', () => {
  expect(new Texts().read(Buffer.from([0x41, 0xff, 0x42]), 0, 3)).toBe('A\uFFFDB');
});
