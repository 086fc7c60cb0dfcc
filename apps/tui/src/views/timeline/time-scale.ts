/** Where a time stands on the axis. */
export interface TimeScale {
  readonly width: number;
  readonly x: (timeUs: number) => number;
  /** Where idle time was left out. */
  readonly breaks: readonly number[];
}

const pixelsPerMs = 120;
/** However short the time between two points, and however long. */
const leastStep = 3;
const mostStep = 150;

/** An axis on which everything can be told apart, and nothing is far away: idle time is shortened. */
export function timeScale(timesUs: readonly number[]): TimeScale {
  const times = [...new Set(timesUs)].sort((a, b) => a - b);
  const places = new Map<number, number>();
  const breaks: number[] = [];
  let x = 0;
  for (const [i, time] of times.entries()) {
    if (i > 0) {
      const step = ((time - times[i - 1]!) / 1000) * pixelsPerMs;
      if (step > mostStep) breaks.push(x + mostStep / 2);
      x += Math.min(mostStep, Math.max(leastStep, step));
    }
    places.set(time, x);
  }
  return { width: x, x: (timeUs) => places.get(timeUs) ?? 0, breaks };
}
