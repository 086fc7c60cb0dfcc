import { expect, test } from '@jest/globals';
import { line, textOf } from './line.js';
import { table, type Column } from './table.js';
import { lineWidth } from './width.js';

const columns: readonly Column[] = [
  { title: 'name', max: 8 },
  { title: 'n', align: 'right', priority: 1 },
  { title: 'rare', priority: 2 },
  { title: 'text', grows: true, min: 6 },
];
const rows = [
  ['a', '1', 'x', 'short'],
  ['a long name', '1000', 'y', 'a text that is long'],
].map((cells) => cells.map((cell) => line(cell)));
const draw = (width: number) => table(columns, rows, width).map((one) => textOf(one));

test('columns are aligned, the growing one takes the rest', () => {
  expect(draw(40)).toEqual([
    'name         n  rare  text              ',
    'a            1  x     short             ',
    'a long …  1000  y     a text that is lo…',
  ]);
});

test('where there is no room the least important columns go first', () => {
  expect(draw(24)[0]).toBe('name         n  text    ');
  expect(draw(18)[0]).toBe('name      text    ');
});

test.each([1, 5, 10, 17, 30, 200])('every line is exactly %i wide', (width) => {
  for (const one of table(columns, rows, width)) expect(lineWidth(one)).toBe(width);
});

test('a cell that is missing is empty', () => {
  expect(textOf(table(columns, [[line('b')]], 40)[1]!).trimEnd()).toBe('b');
});
