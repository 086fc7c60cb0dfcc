import { expect, test } from '@jest/globals';
import { checkHistory, checkTags, readHistory } from './index.js';

/** Two hundred thousand lines: 10 processes on 10 keys, every third operation a write, overlapping throughout. */
function* lines(length: number, change: (i: number, value: number) => number): Iterable<string> {
  const open: { line: string; last: string }[] = [];
  const values = new Array<number>(10).fill(0);
  for (let i = 0; i < length; i++) {
    const key = i % 10;
    const f = i % 3 === 0 ? 'write' : 'read';
    if (f === 'write') values[key] = i + 1;
    const value = values[key] === 0 ? null : change(i, values[key]!);
    const event = { process: i % 10, f, key: `k${key}` };
    open.push({
      line: JSON.stringify({ ...event, type: 'invoke', value: f === 'write' ? value : null, time: i * 10 }),
      last: JSON.stringify({ ...event, type: 'ok', value, time: i * 10 + 95, tag: [value ?? 0, 'S1'] }),
    });
    yield open[i]!.line;
    if (i >= 9) yield open[i - 9]!.last;
  }
  for (const { last } of open.slice(-9)) yield last;
}

test('100,000 operations with unique writes', () => {
  const history = readHistory(lines(100_000, (_, value) => value));
  expect(history).toHaveLength(100_000);
  const { verdict, keys } = checkHistory(history);
  expect(verdict).toBe('linearizable');
  expect(keys.map(({ operations }) => operations)).toEqual(Array(10).fill(10_000));
  expect(checkTags(history)).toEqual({ tagged: 100_000, violations: [] });
});

test('one stale read among 10,000 operations, shown with two others', () => {
  const { verdict, keys } = checkHistory(readHistory(lines(10_000, (i, value) => (i === 7_001 ? value - 30 : value))));
  expect(verdict).toBe('violated');
  const [bad, ...more] = keys.filter((key) => key.verdict === 'violated');
  expect(more).toEqual([]);
  expect(bad).toMatchObject({ key: 'k1', counterexample: { operations: { length: 3 } } });
});
