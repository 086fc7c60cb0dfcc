import { setMaxListeners } from 'node:events';

/** Aborts after so many seconds, unless it is released before. */
export interface Lasting {
  readonly signal: AbortSignal;
  readonly release: () => void;
}

// Not AbortSignal.timeout: another signal that is made of it does not keep it from being collected.
export function lasting(seconds: number): Lasting {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // everybody may wait for it
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  return {
    signal: stop.signal,
    release: () => {
      clearTimeout(timer);
      stop.abort();
    },
  };
}
