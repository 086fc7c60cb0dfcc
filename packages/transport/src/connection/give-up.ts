import { setMaxListeners } from 'node:events';
import { SynodError } from '@synod/kernel';

/** The ways in which one call is given up: by its caller's signal, or because its connection closes. */
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

  /** Throws `cancelled` if it happened while nothing was sent. */
  check(): void {
    if (this.happened) throw new SynodError('cancelled', 'the caller gave up before anything was sent');
  }

  /** Calls `listener` when it happens. Returns what forgets the listener. */
  on(listener: () => void): () => void {
    for (const signal of this.#signals) signal.addEventListener('abort', listener);
    return () => {
      for (const signal of this.#signals) signal.removeEventListener('abort', listener);
    };
  }
}
