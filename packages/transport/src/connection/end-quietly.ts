import { asSynodError } from '../errors/wire-errors.js';

/** A watcher that goes away by its signal has seen what it wanted: only other errors are thrown on. */
export function endQuietly(error: unknown, signal: AbortSignal | undefined): void {
  if (!(signal?.aborted && asSynodError(error).code === 'cancelled')) throw error;
}
