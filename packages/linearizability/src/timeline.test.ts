import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { drawTimeline } from './index.js';
import { precedes } from './operation.js';
import { parseOperations } from './testing/parse-operations.js';
import { arbitrary } from './testing/random-history.js';

test('a row per process, in order of time', () => {
  const text = `0 write 1 0 100
    10 read null 10 20
    2 write "a" 30 ?
    10 read 1 40 50 7 S1
    0 write 2 110 120!
    3 read null 45 ?`;
  expect(`\n${drawTimeline(parseOperations(text))}\n`).toBe(`
process  0  ├ write 1 ──────────────────────────┤ ├ write 2 ╳
process  2                  ├ write "a" ?
process  3                      ├ read ?
process 10    ├ read null ┤   ├ read 1 (7 S1) ┤
`);
});

test('a long value is cut', () => {
  expect(drawTimeline(parseOperations(`0 write "${'v'.repeat(99)}" 0 1`))).toBe(
    `process 0  ├ write "${'v'.repeat(22)}… ┤`,
  );
});

test('nothing is nothing', () => {
  expect(drawTimeline([])).toBe('');
});

test('operations overlap in the picture exactly if neither precedes the other', () => {
  fc.assert(
    fc.property(arbitrary({ uniqueWrites: false, maxLength: 6 }), (operations) => {
      const rows = drawTimeline(operations).split('\n');
      const bars = rows.map((row) => ({
        from: row.indexOf('├'),
        to: row.includes('?') ? Infinity : row.search(/[┤╳]/),
      }));
      for (const [i, a] of operations.entries()) {
        for (const [j, b] of operations.entries()) expect(bars[i]!.to < bars[j]!.from).toBe(precedes(a, b));
      }
    }),
    { seed: 7, numRuns: 500 },
  );
});
