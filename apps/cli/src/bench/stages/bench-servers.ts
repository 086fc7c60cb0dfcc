import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { checkCluster, freePorts, writeCluster, type Cluster } from '@synod/cluster';
import { SynodError, type NodeId } from '@synod/kernel';
import type { ServerConnection } from '@synod/transport/client';
import { binOf } from '../../local-cluster/bin-of.js';
import { LocalServers } from '../../local-cluster/local-servers.js';
import type { BenchProcess } from './stage.js';

const require = createRequire(import.meta.url);

/** How long servers may take to start, on a machine that has other things to do. */
const patienceMs = 60_000;
const pollMs = 20;

export interface BenchServersOptions {
  readonly count: number;
  /** The package whose command each of them runs. */
  readonly server: '@synod/register-server' | '@synod/paxos-server';
  /** What stands in `cluster.yaml` beside the servers. */
  readonly content: (servers: readonly NodeId[]) => object;
  /** Holds one data directory per server. */
  readonly directory: string;
  /** Whether a server takes part. */
  readonly isReady: (connection: ServerConnection) => Promise<boolean>;
}

/** Addresses for servers S1 to Sn on this machine. */
export async function addressesFor(count: number): Promise<{ readonly id: NodeId; readonly address: string }[]> {
  return (await freePorts(count)).map((port, i) => ({ id: `S${i + 1}`, address: `127.0.0.1:${port}` }));
}

/** Server processes as operators run them: no faults allowed, nothing watched. */
export class BenchServers {
  readonly cluster: Cluster;
  /** Rejects with `SynodError` `unavailable` when one ends that nobody has ended. */
  readonly failed: Promise<never>;
  readonly #servers: LocalServers;

  static async start(options: BenchServersOptions): Promise<BenchServers> {
    const addresses = await addressesFor(options.count);
    const ids = addresses.map(({ id }) => id);
    const written = { cluster: 'bench', servers: addresses, ...options.content(ids) };
    const cluster = checkCluster(written, `${options.count} servers`);
    const config = join(options.directory, 'cluster.yaml');
    await writeFile(config, writeCluster(cluster));
    const servers = new BenchServers(cluster, config, options);
    try {
      await servers.#start(options.isReady);
      return servers;
    } catch (error) {
      await servers.stop();
      throw error;
    }
  }

  private constructor(cluster: Cluster, config: string, { server, directory }: BenchServersOptions) {
    this.cluster = cluster;
    this.#servers = new LocalServers({
      servers: cluster.servers,
      module: binOf(require.resolve(`${server}/package.json`)),
      args: (id, data) => ['--config', config, '--id', id, '--data', data, '--quiet'],
      directory,
    });
    this.failed = new Promise((_, reject) => {
      this.#servers.onEnd(({ server: id, reason }) =>
        reject(new SynodError('unavailable', `server ${id} ended: ${reason}`)),
      );
    });
    this.failed.catch(() => {});
  }

  get processes(): BenchProcess[] {
    return this.#servers.servers.map((id) => ({ name: id, role: 'server', pid: this.#servers.pidOf(id)! }));
  }

  /** How many groups of writes all of them have made durable. */
  async counters(): Promise<Record<string, number>> {
    const reports = this.#servers.servers.map((id) => this.#servers.connection(id).node.performance({ recent: 0 }));
    return { 'groups of writes': (await Promise.all(reports)).reduce((sum, { writes }) => sum + writes.count, 0) };
  }

  stop(): Promise<void> {
    return this.#servers.stop();
  }

  async #start(isReady: BenchServersOptions['isReady']): Promise<void> {
    const { servers } = this.#servers;
    for (const id of servers) this.#servers.start(id);
    const ready = Promise.all(servers.map((id) => untilReady(id, this.#servers.connection(id), isReady)));
    await this.#servers.untilReady(
      servers,
      ready.then(() => {}),
    );
  }
}

async function untilReady(
  id: NodeId,
  connection: ServerConnection,
  isReady: BenchServersOptions['isReady'],
): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await isReady(connection).catch(() => false))) {
    if (performance.now() > end) throw new SynodError('unavailable', `server ${id} does not take part after a minute`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
