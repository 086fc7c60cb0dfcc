import { connect, type ConnectOptions } from '@synod/client';
import { quote } from '@synod/cluster';
import { SynodError } from '@synod/kernel';
import { FaultyServers } from '../nemesis/faulty-servers.js';
import type { NemesisOptions } from '../nemesis/nemesis.js';
import { clientSubject, type KeyKind } from './client-subject.js';
import { findKeys } from './found-keys.js';
import { temporaryRegisters, type TemporaryRegisters, type TemporaryRegistersOptions } from './temporary-registers.js';
import type { Subject } from './workload.js';

/** An operation that takes longer is given up, so that nothing hangs whatever the servers do. */
const timeoutMs = 3000;
/** Each has its own connections, and its own idea of which servers answer; more would only hold more connections. */
const mostClients = 8;

/** Servers that run, and all that a recording needs to work on them. */
export interface RecordedCluster {
  /** In words. */
  readonly name: string;
  readonly subjects: readonly Subject[];
  readonly keys: readonly string[];
  /** Those of the keys that may hold something already. */
  readonly used: readonly string[];
  /** What can go wrong; undefined: nothing that this program could do. */
  readonly breakable: Pick<NemesisOptions, 'breakable' | 'replicaSets'> | undefined;
  /** Rejects with `SynodError` when a server ended that nobody has ended. */
  readonly failed: Promise<never>;
  /** Ends what was started. */
  readonly close: () => Promise<void>;
}

export interface OwnClusterOptions extends TemporaryRegistersOptions {
  readonly clients: number;
  /** Of what is done to the servers. */
  readonly seed: number;
}

/** Servers of this machine, which may be broken. */
export interface OwnCluster extends RecordedCluster, Pick<TemporaryRegisters, 'local' | 'directory' | 'stop'> {
  readonly faulty: FaultyServers;
}

/** Starts servers of its own. Rejects with `SynodError`. */
export async function ownCluster(options: OwnClusterOptions): Promise<OwnCluster> {
  const { local, keys, directory, stop, close } = await temporaryRegisters(options);
  const { config, servers } = local;
  const faulty = new FaultyServers({ local, lostDisk: 'recovers', seed: options.seed });
  const clients = clientsOf('register', options.clients, { servers: config.servers, cluster: config.id });
  return {
    ...clients,
    name: `${servers.length} servers`,
    keys,
    used: [],
    local,
    faulty,
    directory,
    breakable: { breakable: faulty, replicaSets: [servers] },
    failed: faulty.failed,
    stop: async () => {
      clients.close();
      faulty.snares.close();
      await stop();
    },
    close: async () => {
      clients.close();
      faulty.snares.close();
      await close();
    },
  };
}

export interface FoundClusterOptions {
  /** `host:port` of some of its servers. */
  readonly addresses: readonly string[];
  readonly clients: number;
  readonly keys: number;
}

/** Finds the keys of a cluster that runs. Rejects with `SynodError`. */
export async function foundCluster({ addresses, clients, keys: count }: FoundClusterOptions): Promise<RecordedCluster> {
  const { kind, keys, used } = await findKeys(addresses, count);
  if (keys.length === 0)
    throw new SynodError('config', `${quote(addresses.join())}: no registers are configured there`);
  const { subjects, close } = clientsOf(kind, clients, { servers: addresses });
  const failed = new Promise<never>(() => {});
  return { subjects, name: addresses.join(', '), keys, used, breakable: undefined, failed, close: async () => close() };
}

function clientsOf(kind: KeyKind, count: number, options: ConnectOptions) {
  const clients = Array.from({ length: Math.min(count, mostClients) }, (_, i) => {
    // Every other one reads from the replicas itself.
    return connect({ ...options, timeoutMs, readFrom: i % 2 === 0 ? 'server' : 'replicas' });
  });
  return {
    subjects: clients.map((client) => clientSubject(client, kind)),
    close: () => {
      for (const client of clients) client.close();
    },
  };
}
