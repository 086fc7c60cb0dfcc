import { expect, test } from '@jest/globals';
import { inverse, join, span } from './layout/line.js';
import { paint, themeOf } from './theme.js';

const text = join(span('up', 'good'), ' ', ...inverse([span('S1', 'bad')]), span('plain'));

test('styles become escape sequences that are always ended', () => {
  expect(paint(text, themeOf({}))).toBe('\u001b[32mup\u001b[0m \u001b[31;7mS1\u001b[0mplain');
});

test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }, { FORCE_COLOR: '0' }])('%j: nothing but text', (env) => {
  expect(paint(text, themeOf(env))).toBe('up S1plain');
});

test('an empty NO_COLOR refuses nothing', () => {
  expect(themeOf({ NO_COLOR: '' }).isColoured).toBe(true);
});
