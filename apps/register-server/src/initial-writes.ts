import { setTimeout as sleep } from 'node:timers/promises';
import { SynodError } from '@synod/kernel';
import type { EventLog } from '@synod/server';
import type { TokenManager } from '@synod/tokens';

/** Without a majority the writing of initial values is tried again after this long. */
const againMs = 500;

/**
 * Gives the tokens that this node writes, and that nobody has written, the name and domain that the configuration gives
 * them: an ordinary write, as soon as a majority can be asked.
 */
export async function writeInitial(tokens: TokenManager, events: EventLog, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await tokens.writeInitial({ signal });
    } catch (error) {
      if (!(error instanceof SynodError)) throw error;
      if (signal.aborted) return;
      events.add('debug', 'initial-write-waits', `initial values of tokens wait: ${error.message}`);
      await sleep(againMs, undefined, { signal }).catch(() => {});
    }
  }
}
