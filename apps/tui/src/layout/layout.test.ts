import { describe, expect, test } from '@jest/globals';
import { histogram } from './histogram.js';
import { line, textOf } from './line.js';
import { bar, sparkline } from './sparkline.js';
import { beside, stack } from './stack.js';
import { ms, shortBallot } from './text.js';
import { showWindow, windowAround, windowUpTo } from './window.js';
import { wrap } from './wrap.js';

describe('sparkline', () => {
  test.each([
    [[], 4, '    '],
    [[0, 0, 1], 4, ' ··█'],
    [[1, 2, 4, 8], 4, '▂▃▅█'],
    [[9, 9, 9, 1, 8], 2, '▂█'],
  ])('%j in %i columns', (values, width, expected) => {
    expect(sparkline(values, width)).toBe(expected);
  });
});

test.each([
  [0, 10, ''],
  [10, 10, '████'],
  [5, 10, '██'],
  [1, 1_000, '▏'],
  [20, 10, '████'],
  [1, 0, ''],
])('a bar of %i of %i', (part, whole, expected) => {
  expect(bar(part, whole, 4)).toBe(expected);
});

test('a histogram has a bucket for each step between the least and the greatest value', () => {
  expect(histogram([])).toEqual([]);
  expect(histogram([0.004, 0.3, 0.31, 1, 4.9, 5])).toEqual([
    { from: 0, to: 0.01, count: 1 },
    { from: 0.01, to: 0.02, count: 0 },
    { from: 0.02, to: 0.05, count: 0 },
    { from: 0.05, to: 0.1, count: 0 },
    { from: 0.1, to: 0.2, count: 0 },
    { from: 0.2, to: 0.5, count: 2 },
    { from: 0.5, to: 1, count: 0 },
    { from: 1, to: 2, count: 1 },
    { from: 2, to: 5, count: 1 },
    { from: 5, to: 10, count: 1 },
  ]);
});

describe('windows', () => {
  test.each([
    [0, 100, 10, [0, 10]],
    [50, 100, 10, [45, 55]],
    [99, 100, 10, [90, 100]],
    [3, 5, 10, [0, 5]],
    [0, 0, 10, [0, 0]],
    [5, 10, 0, [5, 5]],
  ])('around %i of %i, %i high', (cursor, length, height, [from, to]) => {
    expect(windowAround(cursor, length, height)).toEqual({ from, to });
  });

  test.each([
    [99, 100, 10, [90, 100]],
    [50, 100, 10, [41, 51]],
    [2, 100, 10, [0, 10]],
    [4, 5, 10, [0, 5]],
    [-1, 0, 10, [0, 0]],
  ])('up to %i of %i, %i high', (last, length, height, [from, to]) => {
    expect(windowUpTo(last, length, height)).toEqual({ from, to });
  });

  test('say where they are, unless all is seen', () => {
    expect(showWindow({ from: 9_989, to: 10_000 }, 10_000)).toBe('9,990–10,000 of 10,000');
    expect(showWindow({ from: 0, to: 5 }, 5)).toBe('');
  });
});

test('text breaks between words, a word that is too long anywhere', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('a incomprehensibilities b', 6)).toEqual(['a', 'incomp', 'rehens', 'ibilit', 'ies b']);
  expect(wrap('  {"indented":"json"}', 8)).toEqual(['  {"inde', 'nted":"j', 'son"}']);
  expect(wrap('漢字漢字', 3)).toEqual(['漢', '字', '漢', '字']);
  expect(wrap('', 6)).toEqual([]);
});

test('text that is broken loses nothing but the spaces where it is broken', () => {
  expect(wrap('  one two three', 9)).toEqual(['  one two', 'three']);
  expect(wrap('  one two three', 8)).toEqual(['  one', 'two', 'three']);
  expect(wrap('  incomprehensible', 8)).toEqual(['  incomp', 'rehensib', 'le']);
  expect(wrap('S1 → S3', 5)).toEqual(['S1 →', 'S3']);
  expect(wrap('日本語', 5)).toEqual(['日本', '語']);
  expect(wrap('日本', 1)).toEqual(['日', '本']);
});

test('sections stand apart while there is room', () => {
  const sections = [[line('a')], [], [line('b')], [line('c')]];
  const drawn = (rows: number) => stack(sections, rows).map((one) => textOf(one));
  expect(drawn(9)).toEqual(['a', '', 'b', '', 'c']);
  expect(drawn(4)).toEqual(['a', '', 'b', 'c']);
  expect(drawn(3)).toEqual(['a', 'b', 'c']);
  expect(drawn(2)).toEqual(['a', 'b']);
});

test('two blocks stand side by side, also of different heights', () => {
  expect(beside([line('left')], [line('r1'), line('r2')], 6).map((one) => textOf(one))).toEqual([
    'left  r1',
    '      r2',
  ]);
});

test('figures keep three digits', () => {
  expect([0, 0.123, 1.234, 12.34, 123.4, 12_345].map(ms)).toEqual(['0', '0.12', '1.23', '12.3', '123', '12345']);
  expect([shortBallot({ round: 0, server: '' }), shortBallot({ round: 3, server: 'S2' })]).toEqual(['–', '3.S2']);
});
