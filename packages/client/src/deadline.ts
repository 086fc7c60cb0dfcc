import { setMaxListeners } from 'node:events';
import { SynodError } from '@synod/kernel';
import type { CallOptions } from './options.js';

/** Longest delay of a Node timer. */
const maxTimeoutMs = 2 ** 31 - 1;

/** How long one call may take, however many tries it needs. */
export class Deadline {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** When the call began, and when it ends, as `performance.now()` counts. */
  readonly start = performance.now();
  readonly end: number;

  /** Throws `SynodError` `invalid_argument`. */
  constructor({ timeoutMs, signal }: CallOptions, defaultMs: number) {
    const wanted = timeoutMs ?? defaultMs;
    if (!(wanted > 0)) throw new SynodError('invalid_argument', `timeoutMs: more than 0, not ${wanted}`);
    this.timeoutMs = Math.min(wanted, maxTimeoutMs);
    this.signal = signal;
    // A caller may give many calls one signal.
    if (signal) setMaxListeners(0, signal);
    this.end = this.start + this.timeoutMs;
  }

  /** What is left for the next try, at most `limitMs`. */
  rest(limitMs = Infinity): { timeoutMs: number; signal: AbortSignal | undefined } {
    const timeoutMs = Math.min(limitMs, Math.max(1, this.end - performance.now()));
    return { timeoutMs, signal: this.signal };
  }

  get passed(): boolean {
    return performance.now() >= this.end;
  }
}
