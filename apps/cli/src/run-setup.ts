import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { defaultCluster, freeAddresses, loadCluster, type Cluster } from '@synod/cluster';
import { SynodError } from '@synod/kernel';
import type { TransactionFile } from '@synod/ledger/file';
import { homesIn } from './local-cluster/homes-in.js';
import { defaultFile, readSets, readText } from './transaction-source.js';

/** What is said of the cluster that `synod up` and `synod run` start. */
export interface RunOptions {
  readonly servers: number | undefined;
  readonly config: string | undefined;
  readonly initial: bigint | undefined;
  readonly data: string | undefined;
}

/** All that was read of a ledger and its file before anything is started. */
export interface Setup {
  readonly cluster: Cluster;
  readonly file: TransactionFile;
  /** Path of the transaction file. */
  readonly source: string;
  /** Where the data goes; undefined: nowhere that outlives the run. */
  readonly data: string | undefined;
}

const defaultServers = 5;

/**
 * Reads everything before anything is started: the transaction file as given, else `test.csv` in the current folder,
 * else the bundled example; the cluster as configured, else as its data directory remembers it, else as many servers
 * as asked for. Rejects with `SynodError` `config` or `invalid_argument`.
 */
export async function setUp(given: string | undefined, options: RunOptions): Promise<Setup> {
  const source = given ?? defaultFile();
  const text = await readText(source);
  const remembered = options.data && join(resolve(options.data), 'cluster.yaml');
  const cluster = await chooseCluster(options, remembered);
  const names = { servers: cluster.servers.map(({ id }) => id), accounts: homesIn(cluster) };
  return { cluster, file: readSets(source, text, names), source, data: options.data && resolve(options.data) };
}

async function chooseCluster(options: RunOptions, remembered: string | undefined): Promise<Cluster> {
  const { servers, config, initial } = options;
  if (config !== undefined) {
    if (servers !== undefined || initial !== undefined) {
      throw new SynodError('config', '--config names the servers and balances: leave out --servers and --initial');
    }
    return loadCluster(config);
  }
  if (remembered && existsSync(remembered)) return rememberedCluster(remembered, options);
  const count = servers ?? defaultServers;
  return defaultCluster(count, { addresses: await freeAddresses(count), initial });
}

/** A second run on the same data is the same cluster; only its ports are chosen anew. */
async function rememberedCluster(path: string, { servers, initial }: RunOptions): Promise<Cluster> {
  const cluster = await loadCluster(path);
  const count = cluster.servers.length;
  if (servers !== undefined && servers !== count) {
    throw new SynodError('config', `--servers ${servers}: ${dirname(path)} holds a cluster of ${count} servers`);
  }
  if (initial !== undefined && initial !== cluster.ledger.initial) {
    throw new SynodError(
      'config',
      `--initial ${initial}: ${dirname(path)} holds a cluster that began with ${cluster.ledger.initial}`,
    );
  }
  return withFreePorts(cluster);
}

async function withFreePorts(cluster: Cluster): Promise<Cluster> {
  const free = await freeAddresses(cluster.servers.length);
  return { ...cluster, servers: cluster.servers.map((server, i) => ({ ...server, address: free[i]! })) };
}
