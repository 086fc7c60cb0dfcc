import stringWidth from 'string-width';
import type { Line, Span } from './line.js';

const ascii = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter();

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  return ascii.test(text) ? text.length : stringWidth(text);
}

export function lineWidth(line: Line): number {
  return line.reduce((width, { text }) => width + widthOf(text), 0);
}

/** At most `width` columns; what is left out shows as `…`. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return width <= 0 ? '' : `${begin(text, width - 1)}…`;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** A line of exactly `width` columns: cut, or filled with spaces. */
export function fit(line: Line, width: number, align: 'left' | 'right' = 'left'): Line {
  const has = lineWidth(line);
  if (has === width) return line;
  if (has > width) return cutLine(line, width);
  const space = { text: ' '.repeat(width - has) };
  return align === 'left' ? [...line, space] : [space, ...line];
}

/** A line of exactly `width` columns with something at its end, before which the rest is cut. */
export function fitBoth(left: Line, right: Line, width: number): Line {
  const room = width - lineWidth(right);
  return room > 0 ? [...fit(left, room), ...right] : fit(right, width);
}

/** The longest beginning of at most `width` columns. */
export function begin(text: string, width: number): string {
  if (ascii.test(text)) return text.slice(0, width);
  let kept = '';
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) {
    columns += widthOf(segment);
    if (columns > width) break;
    kept += segment;
  }
  return kept;
}

function cutLine(line: Line, width: number): Line {
  const kept: Span[] = [];
  let rest = Math.max(0, width - 1);
  for (const span of line) {
    const text = begin(span.text, rest);
    kept.push({ ...span, text });
    rest -= widthOf(text);
    if (text !== span.text) break;
  }
  // A character of two columns may not have fitted into the last one.
  return width <= 0 ? [] : [...kept, { text: ' '.repeat(rest) + '…' }];
}

/** A rule with something at its beginning and at its end. */
export function rule(left: Line, right: string, width: number): Line {
  const room = width - lineWidth(left) - widthOf(right);
  return room > 0 ? [...left, { text: `${'─'.repeat(room)}${right}`, style: 'quiet' }] : fit(left, width);
}
