import type { Clock } from './ports.js';

/** setTimeout takes 32 bits of milliseconds; a longer delay would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** The process's own monotonic clock and event loop. */
export const systemClock: Clock = {
  now: () => performance.now(),
  at(time, task) {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      timer = setTimeout(due, Math.min(LONGEST_MS, Math.max(0, Math.ceil(time - performance.now()))));
    };
    // Node's timers count in whole milliseconds of their own and may fire a little before `time`.
    const due = (): void => (performance.now() < time ? arm() : task());
    arm();
    return () => clearTimeout(timer);
  },
  soon: (task) => void setImmediate(task),
};
