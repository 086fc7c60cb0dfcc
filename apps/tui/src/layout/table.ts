import { line, type Line } from './line.js';
import { fit, lineWidth } from './width.js';

/** One column of a table. */
export interface Column {
  readonly title: string;
  /** Default: left. */
  readonly align?: 'left' | 'right';
  /** Columns of the highest number are left out first where there is no room; 0, the default: never. */
  readonly priority?: number;
  /** Columns of the terminal that it takes at least, so that it does not jump while its content changes. */
  readonly min?: number;
  /** Columns of the terminal that it takes at most. */
  readonly max?: number;
  /** It takes the room that is left. */
  readonly grows?: boolean;
}

const gap = 2;

/** A header and rows, all exactly `width` wide. Widths follow the rows given: those on the screen. */
export function table(columns: readonly Column[], rows: readonly (readonly Line[])[], width: number): Line[] {
  const wanted = columns.map(({ title, min = 0, max = Infinity }, i) => {
    const widest = rows.reduce((most, row) => Math.max(most, lineWidth(row[i] ?? [])), Math.max(title.length, min));
    return Math.min(widest, max);
  });
  const shown = chooseColumns(columns, wanted, width);
  const used = shown.reduce((sum, i) => sum + wanted[i]!, gap * (shown.length - 1));
  const growing = shown.find((i) => columns[i]!.grows);
  const widths = wanted.map((own, i) => (i === growing ? Math.max(own + width - used, leastOf(columns[i]!)) : own));
  const draw = (cells: readonly Line[]) => {
    const drawn = shown.map((i) => fit(cells[i] ?? [], widths[i]!, columns[i]!.align));
    return fit(
      drawn.flatMap((cell, n) => (n === 0 ? cell : [{ text: ' '.repeat(gap) }, ...cell])),
      width,
    );
  };
  return [draw(columns.map(({ title }) => line(title, 'quiet'))), ...rows.map(draw)];
}

/** Those that there is room for. A column that grows may also shrink. */
function chooseColumns(columns: readonly Column[], wanted: readonly number[], width: number): number[] {
  let shown = columns.map((_, i) => i);
  const least = (i: number) => (columns[i]!.grows ? Math.min(wanted[i]!, leastOf(columns[i]!)) : wanted[i]!);
  const needed = () => shown.reduce((sum, i) => sum + least(i), gap * (shown.length - 1));
  while (needed() > width) {
    const worst = Math.max(...shown.map((i) => columns[i]!.priority ?? 0));
    if (worst === 0) break;
    const last = shown.findLast((i) => columns[i]!.priority === worst);
    shown = shown.filter((i) => i !== last);
  }
  return shown;
}

function leastOf({ min = 4 }: Column): number {
  return min;
}
