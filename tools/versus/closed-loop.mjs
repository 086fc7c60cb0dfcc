// The load of every driver: so many under way, each begins when one ends; what ends after the warm-up counts.
import { build } from 'hdr-histogram-js';

/** Keys are taken at random; values have 16 bytes. */
export const keyCount = 1000;
export const randomKey = () => `any/${Math.floor(Math.random() * keyCount)}`;
export const randomValue = () => Buffer.from(Math.random().toString(16).padEnd(16, '0').slice(0, 16));

/**
 * `operate` does one thing and resolves with how many operations that was. Resolves with operations a second, and p50 and
 * p99 in milliseconds; rejects as soon as one fails.
 */
export async function closedLoop(operate, { inFlight, warmUp, seconds }) {
  const times = build({ bitBucketSize: 32, autoResize: true, numberOfSignificantValueDigits: 3 });
  const from = performance.now() + warmUp * 1000;
  const to = from + seconds * 1000;
  let operations = 0;
  const client = async () => {
    for (let began = performance.now(); began < to;) {
      const done = await operate();
      const ended = performance.now();
      if (ended >= from && ended < to) {
        operations += done;
        times.recordValue(Math.round((ended - began) * 1000));
      }
      began = ended;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, client));
  const quantile = (percentile) => times.getValueAtPercentile(percentile) / 1000;
  return { perSecond: operations / seconds, p50: quantile(50), p99: quantile(99) };
}
