import { SynodError } from '@synod/kernel';
import { ServerConnection, type NodeDescription, type ServerAddress } from '@synod/transport/client';

/** How long a server may take to say who it is. */
const patienceMs = 5000;

/** Which servers were named; `cluster`: whose they should be, if that is known. */
export interface NamedServers {
  /** `host:port` */
  readonly addresses: readonly string[];
  readonly cluster?: string;
}

/** A cluster that runs. */
export interface FoundCluster {
  readonly id: string;
  /** All of them, in natural order. */
  readonly servers: readonly ServerAddress[];
  readonly hasLedger: boolean;
  readonly hasRegisters: boolean;
}

/**
 * The clusters that these servers are of: one that answers tells of the others. Rejects with `SynodError` `unavailable` if
 * none answers, `config` if one is of another cluster.
 */
export async function findClusters({ addresses, cluster }: NamedServers): Promise<readonly FoundCluster[]> {
  const answers = await Promise.allSettled(addresses.map(describe));
  const found = new Map<string, FoundCluster>();
  for (const [i, answer] of answers.entries()) {
    if (answer.status === 'rejected') continue;
    const { cluster: id, server, servers, services } = answer.value;
    if (cluster !== undefined && id !== cluster) {
      throw new SynodError('config', `${addresses[i]} is a server of cluster ${id}, not of ${cluster}`);
    }
    const known = found.get(id)?.servers ?? servers;
    found.set(id, {
      id,
      // The way by which a server was reached holds, whatever the cluster says of it.
      servers: known.map((one) => (one.id === server ? { id: server, address: addresses[i]! } : one)),
      hasLedger: services.includes('synod.ledger.v1.LedgerService'),
      hasRegisters: services.includes('synod.register.v1.RegisterService'),
    });
  }
  if (found.size === 0) throw new SynodError('unavailable', `no server answers at ${addresses.join(', ')}`);
  return [...found.values()];
}

async function describe(address: string): Promise<NodeDescription> {
  const connection = new ServerConnection(address);
  try {
    return await connection.node.describe({ timeoutMs: patienceMs });
  } finally {
    connection.close();
  }
}
