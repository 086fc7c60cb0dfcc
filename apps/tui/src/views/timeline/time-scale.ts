/** Where a time stands on the axis. */
export interface TimeScale {
  readonly width: number;
  readonly x: (timeUs: number) => number;
  /** Where idle time was left out. */
  readonly breaks: readonly number[];
}

/** However short the time between two points, and however long. */
const leastStep = 3;
const mostStep = 60;
/** The picture fits a page: so much for each point that is in it. */
const pixelsPerPoint = 12;
const leastWidth = 700;
/** The finest scale. */
const mostPixelsPerMs = 120;

/** An axis on which everything can be told apart, and nothing is far away: idle time is shortened. */
export function timeScale(timesUs: readonly number[]): TimeScale {
  const times = [...new Set(timesUs)].sort((a, b) => a - b);
  const gapsMs = times.slice(1).map((time, i) => (time - times[i]!) / 1000);
  const places = new Map<number, number>();
  const breaks: number[] = [];
  const pixelsPerMs = scaleFor(gapsMs);
  let x = 0;
  for (const [i, time] of times.entries()) {
    const gapMs = gapsMs[i - 1];
    if (gapMs !== undefined) {
      if (gapMs * pixelsPerMs > mostStep) breaks.push(x + mostStep / 2);
      x += stepFor(gapMs, pixelsPerMs);
    }
    places.set(time, x);
  }
  return { width: x, x: (timeUs) => places.get(timeUs) ?? 0, breaks };
}

function scaleFor(gapsMs: readonly number[]): number {
  const most = Math.max(leastWidth, gapsMs.length * pixelsPerPoint);
  const widthAt = (scale: number) => gapsMs.reduce((sum, gapMs) => sum + stepFor(gapMs, scale), 0);
  let scale = mostPixelsPerMs;
  while (widthAt(scale) > most && scale > 1) scale /= 1.25;
  return scale;
}

function stepFor(gapMs: number, pixelsPerMs: number): number {
  return Math.min(mostStep, Math.max(leastStep, gapMs * pixelsPerMs));
}
