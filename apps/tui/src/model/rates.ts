/** Seconds that are remembered. */
const remembered = 120;

/** How fast a server was, second by second. */
export interface Rates {
  /** Unix time of the newest one, seconds. */
  readonly second: number;
  /** Per second, oldest first. */
  readonly values: readonly number[];
}

export const noRates: Rates = { second: 0, values: [] };

/**
 * With the rate of this moment. A server reports each change of its rate: in seconds without a report it was the one
 * reported last.
 */
export function addRate({ second, values }: Rates, timeMs: number, rate: number): Rates {
  const now = Math.floor(timeMs / 1000);
  if (values.length > 0 && now <= second) return { second, values: values.with(-1, rate) };
  const silent = values.length === 0 ? 0 : Math.min(now - second - 1, remembered);
  const between = Array.from({ length: silent }, () => values.at(-1)!);
  return { second: now, values: [...values, ...between, rate].slice(-remembered) };
}
