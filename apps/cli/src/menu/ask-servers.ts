import { SynodError, type NodeId } from '@synod/kernel';
import type { SilentServer } from './facts.js';

/** Asks several servers; one that does not answer does not hold back the others. */
export async function askServers<T>(
  servers: readonly NodeId[],
  ask: (server: NodeId) => Promise<T>,
): Promise<{ answers: T[]; silent: SilentServer[] }> {
  const answers: T[] = [];
  const silent: SilentServer[] = [];
  for (const [i, result] of (await Promise.allSettled(servers.map(ask))).entries()) {
    if (result.status === 'fulfilled') answers.push(result.value);
    else if (result.reason instanceof SynodError) silent.push({ server: servers[i]!, reason: result.reason.message });
    else throw result.reason;
  }
  return { answers, silent };
}
