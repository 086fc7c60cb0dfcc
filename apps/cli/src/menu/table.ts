/** A plain text table: columns aligned, those in `right` to the right, two spaces between. Nothing without rows. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string[] {
  const widths = header.map((title) => title.length);
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, column) => {
      return right.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
    });
    return `  ${padded.join('  ')}`.trimEnd();
  };
  return rows.length === 0 ? [] : [line(header), ...rows.map(line)];
}
