import { describe, expect, test } from '@jest/globals';
import { join, line, span, textOf } from './line.js';
import { cut, fit, fitBoth, lineWidth, rule, widthOf } from './width.js';

test.each([
  ['abc', 3],
  ['S1 → S3', 7],
  ['日本', 4],
  ['👩‍👩‍👧', 2],
  ['e\u0301', 1],
])('%s takes %i columns', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 4, 'abc…'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['👩‍👩‍👧👩‍👩‍👧', 3, '👩‍👩‍👧…'],
  ['abc', 0, ''],
])('%s cut to %i columns is %s', (text, width, expected) => {
  expect(cut(text, width)).toBe(expected);
});

test.each(['\u001b[2J', 'a\nb', 'tab\there', '\u202eabc', '\u009b31m', '\ud800', 'bell\u0007'])(
  '%j can not break the screen',
  (text) => {
    expect(span(text).text).not.toMatch(/[\p{Cc}\u202e\p{Surrogate}]/u);
  },
);

describe('a line fits', () => {
  const long = join(span('abc', 'good'), span('日本語', 'bad'), 'xyz');
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 40])('%i columns exactly', (width) => {
    expect(lineWidth(fit(long, width))).toBe(width);
    expect(lineWidth(fit(long, width, 'right'))).toBe(width);
    expect(lineWidth(fitBoth(long, line(' 1 of 9'), width))).toBe(width);
    expect(lineWidth(rule(long, ' end ──', width))).toBe(width);
  });

  test('and what is left out shows', () => {
    expect(textOf(fit(long, 6))).toBe('abc日…');
    expect(textOf(fitBoth(long, line('end'), 8))).toBe('abc …end');
  });
});
