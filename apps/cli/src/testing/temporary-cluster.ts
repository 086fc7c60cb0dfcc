import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCluster, writeCluster } from '@synod/cluster';
import { freePorts } from '../local-cluster/free-ports.js';
import { LocalCluster, type LocalClusterOptions } from '../local-cluster/local-cluster.js';

/** As in `cluster.yaml`; by default each server is the home of one account. */
export interface TemporaryLedger {
  readonly initial?: number;
  readonly accounts?: readonly { readonly id: string; readonly home: string; readonly initial: number }[];
}

export interface TemporaryFolder {
  readonly options: LocalClusterOptions;
  readonly remove: () => Promise<void>;
}

export interface TemporaryCluster {
  readonly local: LocalCluster;
  close(): Promise<void>;
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

/** Such a cluster, running; its servers start rounds for their queues by themselves. */
export async function temporaryCluster(count: number, ledger: TemporaryLedger): Promise<TemporaryCluster> {
  const { options, remove } = await temporaryFolder(count, ledger);
  const local = await LocalCluster.start(options);
  return { local, close: () => local.stop().then(remove) };
}
