const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** The newest values as bars, right-aligned in `width` columns; nothing at all is a dot. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const most = Math.max(...shown, 0);
  const drawn = shown.map((value) => {
    if (value <= 0) return '·';
    return bars[Math.min(bars.length - 1, Math.floor((value / most) * bars.length))]!;
  });
  return drawn.join('').padStart(width);
}

/** A bar of `part` of `whole`, in at most `width` columns; whatever is more than nothing can be seen. */
export function bar(part: number, whole: number, width: number): string {
  if (part <= 0 || whole <= 0) return '';
  const steps = Math.max(1, Math.round((Math.min(part, whole) / whole) * width * eighths.length));
  return '█'.repeat(Math.floor(steps / eighths.length)) + eighths[steps % eighths.length]!;
}
