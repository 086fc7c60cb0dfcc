import { describe, expect, test } from '@jest/globals';
import { checkHistory } from './index.js';
import { checkBySearch } from './check-by-search.js';
import { parseOperations } from './testing/parse-operations.js';
import { decisive, groupByValue, operationsOf } from './value-groups.js';

const linearizable: [name: string, operations: string][] = [
  ['nothing but a read of the initial value', '0 read null 0 1'],
  ['a write that is read', '0 write 1 0 1\n 1 read 1 2 3'],
  ['a read during a write, of the value before', '0 write 1 0 9\n 1 read null 2 3'],
  ['a read during a write, of the value being written', '0 write 1 0 9\n 1 read 1 2 3'],
  ['both, in the only order there is', '0 write 1 0 9\n 1 read null 1 2\n 2 read 1 3 4'],
  [
    'two writes at a time, in the order the reads tell',
    '0 write 1 0 9\n 1 write 2 0 9\n 2 read 2 10 11\n 3 read 2 12 13',
  ],
  ['readers that overlap may see either', '0 write 1 0 9\n 1 read 1 1 5\n 2 read null 4 6'],
  ['a write of unknown outcome that never happened', '0 write 1 0 ?\n 1 read null 5 6'],
  ['a write of unknown outcome that happened', '0 write 1 0 ?\n 1 read 1 5 6'],
  ['a write of unknown outcome that happened late', '0 write 1 0 ?\n 1 read null 5 6\n 2 read 1 7 8\n 3 read 1 9 10'],
  ['a late write of unknown outcome over a newer one', '0 write 1 0 ?\n 1 write 2 1 2\n 2 read 2 3 4\n 3 read 1 5 6'],
  ['a write that failed and was not seen', '0 write 1 0 1!\n 1 read null 2 3'],
  ['a read that failed or never came back says nothing', '0 read 5 0 1!\n 1 read 7 0 ?'],
  ['equal times say nothing: the read may stand before the write', '0 write 1 0 2\n 1 read null 2 3'],
  ['an instant', '0 write 1 5 5\n 1 read 1 5 5\n 2 read null 5 5'],
];

const violated: [name: string, operations: string, smallest: number, why: string][] = [
  ['a stale read', '0 write 1 0 1\n 0 write 2 2 3\n 1 read 1 4 5', 3, '2 was there before 1'],
  ['a lost write: the initial value comes back', '0 write 1 0 1\n 1 read null 2 3', 2, 'null was there before 1'],
  ['a phantom value', '0 write 1 0 1\n 1 read 7 2 3', 1, 'read 7 of process 1: nobody wrote 7'],
  ['a value from the future', '0 read 1 0 1\n 1 write 1 2 3', 2, 'read 1 of process 0 ended before its write began'],
  ['a failed write that was read', '0 write 1 0 1!\n 1 read 1 2 3', 2, 'read 1 of process 1: the write of 1 failed'],
  [
    'new/old inversion',
    '0 write 1 0 9\n 1 read 1 1 2\n 2 read null 3 4',
    3,
    'read 1 of process 1 ended before read null',
  ],
  [
    'new/old inversion between two writes',
    '0 write 1 0 1\n 0 write 2 2 9\n 1 read 2 3 4\n 2 read 1 5 6',
    4,
    'read 2 of process 1 ended before read 1 of process 2 began',
  ],
  [
    'a value that comes back while both are written',
    '0 write 1 0 9\n 1 write 2 0 9\n 2 read 1 1 2\n 3 read 2 3 4\n 2 read 1 5 6',
    5,
    '1 was there before 2',
  ],
  [
    'both writes flicker',
    '0 write 1 0 ?\n 1 write 2 0 ?\n 2 read 1 1 2\n 2 read 2 3 4\n 3 read 2 1 2\n 3 read 1 3 4',
    6,
    '2 was there before 1',
  ],
  [
    'an unknown write that comes and goes',
    '0 write 1 0 ?\n 1 read 1 1 2\n 1 read null 3 4',
    3,
    'null was there before 1',
  ],
  ['an unknown write read before it began', '0 read 1 0 1\n 1 write 1 2 ?', 2, 'ended before its write began'],
  ['a number is not a text', '0 write 7 0 1\n 1 read "7" 2 3', 1, 'nobody wrote "7"'],
];

describe('is linearizable:', () => {
  test.each(linearizable)('%s', (_, text) => {
    expect(checkHistory(parseOperations(text))).toMatchObject({ verdict: 'linearizable', keys: [{ explanation: '' }] });
  });

  test.each(linearizable)('and the search agrees: %s', (_, text) => {
    const operations = operationsOf(decisive(groupByValue(parseOperations(text)).values()));
    expect(checkBySearch(operations, null, {})).toEqual({ verdict: 'linearizable', counterexample: undefined });
  });
});

describe('is violated:', () => {
  test.each(violated)('%s', (_, text, smallest, why) => {
    const { verdict, keys } = checkHistory(parseOperations(text));
    expect(verdict).toBe('violated');
    expect(keys[0]!.counterexample?.operations).toHaveLength(smallest);
    expect(keys[0]!.explanation).toContain(why);
  });
});

test('each key is a register of its own', () => {
  const [write, ...reads] = parseOperations('0 write 1 0 1\n 1 read null 2 3\n 2 read 1 2 3');
  const history = [
    { ...write!, key: 'k2' },
    { ...reads[0]!, key: 'k10' },
    { ...reads[1]!, key: 'k2' },
  ];
  const { verdict, keys } = checkHistory(history);
  expect(verdict).toBe('linearizable');
  expect(keys.map(({ key, operations }) => [key, operations])).toEqual([
    ['k2', 2],
    ['k10', 1],
  ]);
});

test('one violated key makes the whole violated, and is the one that is explained', () => {
  const good = parseOperations('0 write 1 0 1');
  const bad = parseOperations('1 read 9 0 1').map((it) => ({ ...it, key: 'y' }));
  const { verdict, keys } = checkHistory([...good, ...bad]);
  expect(verdict).toBe('violated');
  expect(keys.map((key) => key.verdict)).toEqual(['linearizable', 'violated']);
});

test('a history without operations is linearizable', () => {
  expect(checkHistory([])).toEqual({ verdict: 'linearizable', keys: [] });
});

test('another initial value than null', () => {
  const history = parseOperations('0 read 0 0 1\n 1 write 5 2 3\n 2 read 5 4 5');
  expect(checkHistory(history, { initial: 0 }).verdict).toBe('linearizable');
  expect(checkHistory(history).verdict).toBe('violated');
});

describe('values that are written more than once', () => {
  test('may be read again', () => {
    const text = '0 write 1 0 1\n 0 write 2 2 3\n 1 read 2 4 5\n 0 write 1 6 7\n 1 read 1 8 9';
    expect(checkHistory(parseOperations(text)).verdict).toBe('linearizable');
  });

  test('the initial value among them', () => {
    const text = '0 write 1 0 1\n 0 write null 2 3\n 1 read null 4 5';
    expect(checkHistory(parseOperations(text)).verdict).toBe('linearizable');
  });

  test('are violated where no order explains them; what does not matter is left out', () => {
    const text = `0 write 1 0 1
      0 write 2 2 3
      1 read  2 4 5
      2 write 9 4 5
      0 write 1 10 11
      3 read  1 12 13
      1 read  2 14 15`;
    const [key] = checkHistory(parseOperations(text)).keys;
    expect(key).toMatchObject({ verdict: 'violated' });
    expect(key!.explanation).toBe(`no order of these operations explains what was read
process 0  ├ write 2 ┤ ├ write 1 ┤
process 1                          ├ read 2 ┤`);
  });

  test('an early write of unknown outcome that shows up late is no obstacle', () => {
    const lines = Array.from(
      { length: 500 },
      (_, i) => `1 write ${i % 5} ${4 * i} ${4 * i + 1}
      1 read ${i % 5} ${4 * i + 2} ${4 * i + 3}`,
    );
    const history = parseOperations(`0 write 7 0 ?\n${lines.join('\n')}\n 2 read 7 9000 9001\n 2 read 7 9002 9003`);
    expect(checkHistory(history).verdict).toBe('linearizable');
    const [key] = checkHistory([...history, ...parseOperations('3 read 4 9004 9005')]).keys;
    expect(key!.verdict).toBe('violated');
    expect(key!.counterexample!.operations).toHaveLength(100 + 3); // every write of 4 might be the one that was read
  });

  test('beyond the limits the answer is unknown, never a guess', () => {
    const text = Array.from({ length: 30 }, (_, i) => `${i} write ${i % 3} 0 9\n ${i + 30} read ${i % 3} 0 9`);
    const history = parseOperations(`${text.join('\n')}\n 99 read 2 10 11\n 99 read 1 12 13\n 99 read 2 14 15`);
    const [key] = checkHistory(history, { maxSteps: 10_000 }).keys;
    expect(key).toMatchObject({ verdict: 'unknown', counterexample: undefined });
    expect(checkHistory(history, { maxMs: 0 }).verdict).toBe('unknown');
  });
});
