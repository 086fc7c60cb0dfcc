import { setTimeout as sleep } from 'node:timers/promises';
import { SynodError } from '@synod/kernel';

/** How long anything may take before a test gives it up. */
const patienceMs = 20_000;

/** How long to wait before asking a server again that is not there yet. */
const againMs = 50;

/** The first report of a server that is as wanted, from when it can be reached. `watch` begins to watch it anew. */
export async function firstReport<R>(
  watch: (options: { signal: AbortSignal }) => AsyncIterable<R>,
  wanted: (report: R) => boolean,
): Promise<R> {
  const signal = AbortSignal.timeout(patienceMs);
  while (!signal.aborted) {
    try {
      for await (const report of watch({ signal })) if (wanted(report)) return report;
    } catch (error) {
      if (!(error instanceof SynodError && isStarting(error))) throw error;
      await sleep(againMs);
    }
  }
  throw new Error('the server did not come to what was awaited');
}

function isStarting({ code }: SynodError): boolean {
  return code === 'unavailable' || code === 'not_ready';
}
