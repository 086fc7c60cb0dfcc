/** How many values fell between two bounds. */
export interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Bounds per power of ten: 1, 2, 5. */
const steps = [1, 2, 5] as const;
/** The bucket below a hundredth. */
const least = -7;

/** Counts values between 0, 0.01, 0.02, 0.05, 0.1 …, from the least value to the greatest; none for no values. */
export function histogram(values: readonly number[]): Bucket[] {
  const counts = new Map<number, number>();
  for (const value of values) {
    const index = bucketOf(value);
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const first = Math.min(...counts.keys());
  const last = Math.max(...counts.keys());
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const index = first + i;
    return { from: boundOf(index), to: boundOf(index + 1), count: counts.get(index) ?? 0 };
  });
}

function bucketOf(value: number): number {
  let index = least;
  while (value >= boundOf(index + 1)) index++;
  return index;
}

function boundOf(index: number): number {
  if (index <= least) return 0;
  const power = Math.floor(index / steps.length);
  return Number((steps[index - power * steps.length]! * 10 ** power).toPrecision(1));
}
