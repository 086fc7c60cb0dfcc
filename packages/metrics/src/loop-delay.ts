import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;
const WINDOW_MS = 5_000;

/** How late the event loop runs timers. */
export interface DelayGauge {
  /** 99th percentile of the last seconds, in milliseconds. */
  readonly p99Ms: number;
  close(): void;
}

/**
 * The event loop's own delay over the last five to ten seconds: two windows overlap, and the older one is read.
 * Node's monitor measures from one timer to the next, so what is above its resolution is the delay.
 */
export function monitorLoopDelay(): DelayGauge {
  const windows = [0, 1].map(() => monitorEventLoopDelay({ resolution: RESOLUTION_MS }));
  for (const window of windows) window.enable();
  const rotation = setInterval(() => {
    const expired = windows.shift()!;
    expired.reset();
    windows.push(expired);
  }, WINDOW_MS).unref();
  return {
    get p99Ms() {
      const ms = windows[0]!.percentile(99) / 1e6 - RESOLUTION_MS;
      return Math.max(0, ms);
    },
    close() {
      clearInterval(rotation);
      for (const window of windows) window.disable();
    },
  };
}
