import { join, span, type Line } from '../../layout/line.js';
import { lineWidth } from '../../layout/width.js';
import type { CommandRow } from '../../commands.js';

/** The commands that have a number, in as few lines as they need: a digit begins to type one. */
export function menuLines(commands: readonly CommandRow[], columns: number): Line[] {
  const lines: Line[] = [];
  let current: Line = [];
  for (const { number, name, unavailable } of commands) {
    if (number === undefined) continue;
    const item = join(
      span(String(number), 'accent'),
      ' ',
      unavailable === undefined ? name : span(`${name} ⊘`, 'quiet'),
    );
    if (lineWidth(current) + lineWidth(item) + 3 > columns && current.length > 0) {
      lines.push(current);
      current = [];
    }
    current = join(current, current.length > 0 ? '   ' : '', item);
  }
  return current.length > 0 ? [...lines, current] : lines;
}
