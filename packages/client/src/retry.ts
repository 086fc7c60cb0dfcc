import { setTimeout as sleep } from 'node:timers/promises';
import { SynodError } from '@synod/kernel';
import { Backoff } from './backoff.js';
import type { Deadline } from './deadline.js';

/** Whether the same request may succeed a little later, at the same server. */
export function isPassing(error: unknown): boolean {
  return error instanceof SynodError && (error.code === 'unavailable' || error.code === 'not_ready');
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

async function pause(ms: number, given: AbortSignal | undefined, closed: AbortSignal): Promise<void> {
  const signal = given ? AbortSignal.any([given, closed]) : closed;
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw new SynodError('cancelled', 'the caller gave up before anything was sent');
  }
}
