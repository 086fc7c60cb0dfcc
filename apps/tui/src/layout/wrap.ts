import { cut, widthOf } from './width.js';

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
