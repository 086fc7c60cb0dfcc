import { expect, test } from '@jest/globals';
import { replicationByPattern } from './key-patterns.js';

const patterns = ['config/*', 'config/a', '*', 'config/deep/*'].map((key) => ({
  key,
  writer: 'any',
  replicas: ['S1'],
}));
const patternOf = (key: string, from = patterns): string | undefined => replicationByPattern(from)(key)?.key;

test('a key itself comes before patterns, a longer pattern before a shorter one', () => {
  expect(patternOf('config/a')).toBe('config/a');
  expect(patternOf('config/ab')).toBe('config/*');
  expect(patternOf('config/deep/x')).toBe('config/deep/*');
  expect(patternOf('config/')).toBe('config/*');
  expect(patternOf('other')).toBe('*');
});

test('what no pattern matches is not there', () => {
  expect(patternOf('other', [patterns[0]!])).toBeUndefined();
  expect(patternOf('config', [patterns[0]!])).toBeUndefined();
  expect(patternOf('__proto__', [patterns[1]!])).toBeUndefined();
});
