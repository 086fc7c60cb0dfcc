import { setTimeout } from 'node:timers/promises';

/** Resolves after `ms` milliseconds, or when the signal comes. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {});
}
