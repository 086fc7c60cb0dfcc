import { setMaxListeners } from 'node:events';
import { SynodError } from '@synod/kernel';

/**
 * The ways in which one call is given up: by its caller's signal, or because its connection closes. A `SynodError` as the
 * reason of a signal says that it was nobody's wish: what the call ends with instead of `cancelled`.
 */
export class GiveUp {
  readonly #signals: readonly AbortSignal[];

  constructor(...signals: readonly (AbortSignal | undefined)[]) {
    this.#signals = signals.filter((signal) => signal !== undefined);
    // Any number of calls may share a signal; Node would warn from the eleventh on. (undici does the same.)
    setMaxListeners(0, ...this.#signals);
  }

  get happened(): boolean {
    return this.#signals.some(({ aborted }) => aborted);
  }

  /** Somebody wished it. */
  get wished(): boolean {
    return this.#signals.some(({ aborted, reason }) => aborted && !(reason instanceof SynodError));
  }

  /** Throws `cancelled`, or the reason, if it happened while nothing was sent. */
  check(): void {
    if (this.wished) throw new SynodError('cancelled', 'the caller gave up before anything was sent');
    for (const { aborted, reason } of this.#signals) if (aborted) throw reason;
  }

  /** Calls `listener` when it happens. Returns what forgets the listener. */
  on(listener: () => void): () => void {
    for (const signal of this.#signals) signal.addEventListener('abort', listener);
    return () => {
      for (const signal of this.#signals) signal.removeEventListener('abort', listener);
    };
  }
}
