import { blank, type Line } from './line.js';
import { fit } from './width.js';

/**
 * Sections one below the other, each with an empty line before the next while there is room for all of them. Sections
 * without lines take none.
 */
export function stack(sections: readonly (readonly Line[])[], rows: number): Line[] {
  const shown = sections.filter((lines) => lines.length > 0);
  const used = shown.reduce((sum, lines) => sum + lines.length, 0);
  let spare = rows - used;
  const lines = shown.flatMap((section, i) => {
    const isSpaced = i < shown.length - 1 && spare-- > 0;
    return isSpaced ? [...section, blank] : section;
  });
  return lines.slice(0, rows);
}

/** Two blocks side by side, the left one `leftColumns` wide. */
export function beside(left: readonly Line[], right: readonly Line[], leftColumns: number): Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => [
    ...fit(left[i] ?? blank, leftColumns),
    ...(right[i] ?? blank),
  ]);
}
