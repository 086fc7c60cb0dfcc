import { setTimeout as sleep } from 'node:timers/promises';
import { SynodError, type ErrorCode } from '@synod/kernel';
import { Backoff } from './backoff.js';
import type { Deadline } from './deadline.js';

/** Whether the same request may succeed a little later, at the same server. */
export function isPassing(error: unknown): boolean {
  return error instanceof SynodError && (error.code === 'unavailable' || error.code === 'not_ready');
}

/** Answers of a server that was the wrong one to ask, or of one that is configured otherwise than the layout says. */
const misdirections: ReadonlySet<ErrorCode> = new Set(['unauthorised', 'unknown_key', 'unknown_token']);

export function isMisdirected({ code }: SynodError): boolean {
  return misdirections.has(code);
}

/**
 * Whether an operation of a register or token may be sent once more after this error: what is `repeatable` (reads, and
 * what the caller calls so) after all that may pass, everything else only if it certainly did not happen.
 */
export function mayTryAgain(error: SynodError, repeatable: boolean): boolean {
  if (repeatable && !error.definite) return true;
  return error.definite && (isPassing(error) || error.code === 'no_quorum');
}

/**
 * Tries until the deadline, as long as nothing happened and nothing but the server's absence is in the way.
 * Rejects with the last error.
 */
export async function retry<T>(deadline: Deadline, closed: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  const backoff = new Backoff();
  backoff.next();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof SynodError && error.definite && isPassing(error))) throw error;
      await pause(deadline.rest(backoff.next()).timeoutMs, deadline.signal, closed);
      if (deadline.passed) throw error;
    }
  }
}

/** Rejects with `cancelled` when one of the signals is aborted. */
export async function pause(ms: number, given: AbortSignal | undefined, closed: AbortSignal): Promise<void> {
  const signal = given ? AbortSignal.any([given, closed]) : closed;
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw new SynodError('cancelled', 'the caller gave up before anything was sent');
  }
}
