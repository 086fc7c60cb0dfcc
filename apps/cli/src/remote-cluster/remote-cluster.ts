import { SynodError } from '@synod/kernel';
import { findClusters, type FoundCluster, type NamedServers } from './find-clusters.js';
import { RemoteLedger } from './remote-ledger.js';
import { RemoteRegisters } from './remote-registers.js';

/** What was found running: a ledger, registers, or both. */
export interface RemoteCluster {
  readonly ledger: RemoteLedger | undefined;
  readonly registers: RemoteRegisters | undefined;
  readonly clusters: readonly FoundCluster[];
  close(): void;
}

/** Finds and opens what these servers serve. Rejects with `SynodError`, leaving no connection. */
export async function openClusters(named: NamedServers): Promise<RemoteCluster> {
  const found = await findClusters(named);
  refuseTwo(found);
  const ofLedger = found.find(({ hasLedger }) => hasLedger);
  const ofRegisters = found.find(({ hasRegisters }) => hasRegisters);
  const ledger = ofLedger && (await RemoteLedger.open(ofLedger));
  try {
    const registers = ofRegisters && (await RemoteRegisters.open(ofRegisters));
    return { ledger, registers, clusters: found, close: () => [ledger, registers].forEach((one) => one?.close()) };
  } catch (error) {
    ledger?.close();
    throw error;
  }
}

/** A name in a command means one server. */
function refuseTwo(found: readonly FoundCluster[]): void {
  for (const serves of ['hasLedger', 'hasRegisters'] as const) {
    const [one, other] = found.filter((cluster) => cluster[serves]);
    if (one && other) throw wrong(`these are servers of two clusters, ${one.id} and ${other.id}: name those of one`);
  }
  const [one, other] = found;
  const shared = one?.servers.find(({ id }) => other?.servers.some((server) => server.id === id));
  if (shared && other) {
    throw wrong(`${shared.id} is a server of ${one?.id} and of ${other.id}: name the servers of one of them`);
  }
}

function wrong(message: string): SynodError {
  return new SynodError('config', message);
}
