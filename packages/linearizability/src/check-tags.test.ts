import { describe, expect, test } from '@jest/globals';
import { checkTags } from './index.js';
import { parseOperations } from './testing/parse-operations.js';

test.each([
  ['tags that grow', '0 write 1 0 1 1 S1\n 1 read 1 2 3 1 S1\n 0 write 2 4 5 2 S1\n 1 read 2 6 7 2 S1'],
  ['a lower tag at the same time', '0 write 2 0 9 2 S1\n 1 read 1 1 8 1 S1'],
  ['a lower tag that begins as the higher one ends', '0 read 2 0 5 2 S1\n 1 read 1 5 9 1 S1'],
  ['writers in natural order', '0 write 1 0 1 1 S2\n 1 write 2 2 3 1 S10'],
  ['no tags', '0 write 2 0 1\n 1 read 1 2 3'],
  ['the initial value', '0 read null 0 1 0 S1\n 1 write 1 2 3 1 S1'],
])('lets pass %s', (_, text) => {
  expect(checkTags(parseOperations(text)).violations).toEqual([]);
});

describe('finds', () => {
  test.each([
    ['a read that goes back', '0 read 2 0 1 2 S1\n 1 read 1 2 3 1 S1', 'an operation after tag (2 S1) carries (1 S1)'],
    [
      'a write that repeats a tag it could know',
      '0 read 1 0 1 2 S1\n 1 write 1 2 3 2 S1',
      'a write after tag (2 S1) carries (2 S1)',
    ],
    [
      'a step back by the writer alone',
      '0 write 1 0 1 1 S10\n 1 write 2 2 3 1 S2',
      'a write after tag (1 S10) carries (1 S2)',
    ],
    [
      'a step back long after',
      '0 read 2 0 1 2 S1\n 1 read 3 5 6 3 S1\n 2 read 2 7 8 2 S1',
      'an operation after tag (3 S1) carries (2 S1)',
    ],
    ['one tag for two values', '0 read 1 0 9 1 S1\n 1 read 2 0 9 1 S1', 'tag (1 S1) stands for two values'],
    [
      'one tag for two writes of a value',
      '0 write 1 0 9 1 S1\n 1 write 1 0 9 1 S1',
      'tag (1 S1) stands for two writes',
    ],
  ])('%s', (_, text, reason) => {
    const operations = parseOperations(text);
    const { violations } = checkTags(operations);
    expect(violations).toMatchObject([{ key: 'x', reason }]);
    expect(violations[0]!.explanation).toContain('process 1');
  });
});

test('keys have tags of their own, and operations without tag are counted out', () => {
  const [a, b, c] = parseOperations('0 write 1 0 1 5 S1\n 1 write 2 2 3 1 S1\n 2 read 2 4 5');
  expect(checkTags([a!, { ...b!, key: 'y' }, c!])).toEqual({ tagged: 2, violations: [] });
});

test('draws what it found', () => {
  const { violations } = checkTags(parseOperations('0 read "b" 0 1 2 S1\n 1 read "a" 2 3 1 S1'));
  expect(violations[0]!.explanation).toBe(`an operation after tag (2 S1) carries (1 S1)
process 0  ├ read "b" (2 S1) ┤
process 1                      ├ read "a" (1 S1) ┤`);
});
