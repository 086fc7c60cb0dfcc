/** Which of many rows are on the screen: from `from` up to, not including, `to`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The rows around a cursor: it stands in the middle, unless there is an end nearby. */
export function windowAround(cursor: number, length: number, height: number): Window {
  const from = clamp(cursor - Math.floor(height / 2), 0, Math.max(0, length - height));
  return { from, to: Math.min(length, from + Math.max(0, height)) };
}

/** The rows that end with `last`. */
export function windowUpTo(last: number, length: number, height: number): Window {
  const to = clamp(last + 1, Math.min(height, length), length);
  return { from: Math.max(0, to - Math.max(0, height)), to };
}

/** `1–15 of 10,000`; empty if all is seen. */
export function showWindow({ from, to }: Window, length: number): string {
  if (to - from >= length) return '';
  return `${(from + 1).toLocaleString('en-US')}–${to.toLocaleString('en-US')} of ${length.toLocaleString('en-US')}`;
}

export function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
