import type { Clock } from './ports.js';

/** The process's own monotonic clock and event loop. */
export const systemClock: Clock = {
  now: () => performance.now(),
  at(time, task) {
    const timer = setTimeout(task, Math.max(0, Math.ceil(time - performance.now())));
    return () => clearTimeout(timer);
  },
  soon: (task) => void setImmediate(task),
};
