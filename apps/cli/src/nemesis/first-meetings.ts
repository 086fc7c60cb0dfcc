import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SynodError, type NodeId } from '@synod/kernel';
import type { LocalServers } from '../local-cluster/local-servers.js';

/** How long servers may take to meet, on a machine that has other things to do, ms. */
const patienceMs = 120_000;

/**
 * Kills servers while they meet for the first time, each at another one of these failpoints, and starts them again;
 * then the next ones on fresh disks, until each failpoint has had its server. What the last ones left is a new
 * cluster's data. Rejects with `SynodError` if a server ended otherwise, or never reached its failpoint.
 */
export async function killAtFirstMeetings(
  names: readonly string[],
  processes: () => LocalServers,
  { onCaught, interrupted }: { onCaught: (server: NodeId, name: string) => void; interrupted: Promise<never> },
): Promise<void> {
  const left = [...names];
  while (left.length > 0) {
    const local = processes();
    const points = new Map(local.servers.flatMap((server) => left.splice(0, 1).map((name) => [server, name])));
    try {
      for (const server of local.servers) await rm(local.directoryOf(server), { recursive: true, force: true });
      for (const server of local.servers) local.start(server, flagsFor(points.get(server)));
      const late = new AbortController();
      const caught = [...points].map(async ([server, name]) => {
        const how = await local.ended(server);
        if (how !== 'signal SIGKILL') throw new SynodError('internal', `server ${server} ended: ${how}`);
        onCaught(server, name);
        local.start(server);
      });
      const tooSlow = tooLate([...points.values()], late.signal);
      await Promise.race([Promise.all(caught), tooSlow, interrupted]).finally(() => late.abort());
    } finally {
      await Promise.all(local.running().map((server) => local.crash(server)));
      await local.stop();
    }
  }
}

function flagsFor(name: string | undefined): string[] {
  return name === undefined ? [] : ['--failpoint', name];
}

async function tooLate(names: readonly string[], signal: AbortSignal): Promise<never> {
  await sleep(patienceMs, undefined, { signal });
  throw new SynodError('internal', `not all of ${names.join(', ')} were reached when servers met`);
}
