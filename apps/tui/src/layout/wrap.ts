import { begin, widthOf } from './width.js';

/** Text as lines of at most `width` columns, broken between words where there are any; nothing but spaces is left out. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (widthOf(rest) > width) {
    const most = begin(rest, Math.max(1, width)) || rest.slice(0, 1);
    const space = rest[most.length] === ' ' ? most.length : Math.max(0, most.lastIndexOf(' '));
    const line = most.slice(0, space).trim() === '' ? most : most.slice(0, space);
    lines.push(line.trimEnd());
    rest = rest.slice(line.length).trimStart();
  }
  return rest === '' ? lines : [...lines, rest];
}
