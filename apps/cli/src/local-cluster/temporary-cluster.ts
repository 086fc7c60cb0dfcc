import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, readCluster, writeCluster } from '@synod/cluster';
import { ledgerProcesses, LocalCluster, type LocalClusterOptions } from './local-cluster.js';
import type { LocalServers } from './local-servers.js';

/** As in `cluster.yaml`; by default each server is the home of one account. */
export interface TemporaryLedger {
  readonly initial?: number;
  readonly accounts?: readonly { readonly id: string; readonly home: string; readonly initial: number }[];
}

/** Is given servers that were not started yet, as often as it asks, and ends those that it started. */
export type BeforeStart = (processes: () => LocalServers) => Promise<void>;

export interface TemporaryStart extends Pick<LocalClusterOptions, 'serverFlags' | 'interrupted'> {
  readonly before?: BeforeStart;
}

export interface TemporaryFolder {
  readonly options: LocalClusterOptions;
  readonly remove: () => Promise<void>;
}

export interface TemporaryCluster {
  readonly local: LocalCluster;
  readonly directory: string;
  /** Ends the servers. */
  readonly stop: () => Promise<void>;
  /** Ends the servers, and removes the folder. */
  readonly close: () => Promise<void>;
}

/** All that a cluster of servers S1 to S`count` needs to start, in a temporary folder. */
export async function temporaryFolder(count: number, ledger: TemporaryLedger): Promise<TemporaryFolder> {
  const directory = await mkdtemp(join(tmpdir(), 'synod-cluster-'));
  const servers = (await freePorts(count)).map((port, i) => ({ id: `S${i + 1}`, address: `127.0.0.1:${port}` }));
  const cluster = readCluster(JSON.stringify({ cluster: 'temporary', servers, ledger }), { file: 'temporary cluster' });
  const configFile = join(directory, 'cluster.yaml');
  await writeFile(configFile, writeCluster(cluster));
  const remove = () => rm(directory, { recursive: true, force: true, maxRetries: 5 });
  return { options: { cluster, configFile, directory }, remove };
}

/**
 * Such a cluster, running; its servers start rounds for their queues by themselves. `before`: what is done with the
 * processes of its servers before they are started. Rejects with `SynodError`, leaving nothing.
 */
export async function temporaryCluster(
  count: number,
  ledger: TemporaryLedger,
  { before, serverFlags, interrupted }: TemporaryStart = {},
): Promise<TemporaryCluster> {
  const { options, remove } = await temporaryFolder(count, ledger);
  try {
    await before?.(() => ledgerProcesses(options));
    const local = await LocalCluster.start({ ...options, serverFlags, interrupted });
    const stop = () => local.stop();
    return { local, directory: options.directory, stop, close: () => stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
