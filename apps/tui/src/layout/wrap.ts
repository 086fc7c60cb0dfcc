import { begin, cut, widthOf } from './width.js';

/** Text as lines of at most `width` columns, broken between words; a word that is longer is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (widthOf(longer) <= width) {
      current = longer;
      continue;
    }
    if (current !== '') lines.push(current);
    current = cut(word, width);
  }
  return current === '' ? lines : [...lines, current];
}

/** Text as lines of at most `width` columns with nothing left out: broken between words, or else within a long one. */
export function fold(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (widthOf(rest) > width) {
    const most = begin(rest, width);
    // A grapheme that is wider than the line stands alone.
    if (most === '') break;
    const space = rest[most.length] === ' ' ? most.length : most.lastIndexOf(' ');
    const isIndent = most.slice(0, space).trim() === '';
    const taken = space <= 0 || isIndent ? most : most.slice(0, space);
    lines.push(taken.trimEnd());
    rest = rest.slice(taken.length).trimStart();
  }
  return [...lines, rest];
}
