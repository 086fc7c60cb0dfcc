import { setMaxListeners } from 'node:events';

/** Something that goes on for a time. */
export interface Lasting {
  /** Aborted when it is over. */
  readonly signal: AbortSignal;
  /** Ends it. */
  readonly release: () => void;
}

/** What a time may be too short for. */
export interface Need {
  readonly isOpen: () => boolean;
  /** How much longer it may take at most. */
  readonly seconds: number;
}

/** How often it is asked whether a need is open, ms. */
const everyMs = 100;

// Not AbortSignal.timeout: another signal that is made of it does not keep it from being collected.
/** Lasts so many seconds, and longer while a need is open. */
export function lasting(seconds: number, need?: Need): Lasting {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // everybody may wait for it
  const latest = performance.now() + (seconds + (need?.seconds ?? 0)) * 1000;
  const end = () => {
    if (need?.isOpen() && performance.now() < latest) timer = setTimeout(end, everyMs);
    else stop.abort();
  };
  let timer = setTimeout(end, seconds * 1000);
  return {
    signal: stop.signal,
    release: () => {
      clearTimeout(timer);
      stop.abort();
    },
  };
}

/** The longest time that a timer can wait, ms: more than three weeks. */
export const forever = 2 ** 31 - 1;

/** Work that ends with the signal, or after so many seconds and what it needs besides. */
export async function lastingAtMost(
  signal: AbortSignal,
  seconds: number,
  need: Need | undefined,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const time = lasting(seconds, need);
  const until = AbortSignal.any([signal, time.signal]);
  setMaxListeners(0, until);
  await work(until).finally(time.release);
}
