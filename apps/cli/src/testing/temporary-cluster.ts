import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCluster, writeCluster } from '@synod/cluster';
import { freePorts } from '../local-cluster/free-ports.js';
import { LocalCluster } from '../local-cluster/local-cluster.js';

export interface TemporaryCluster {
  readonly local: LocalCluster;
  close(): Promise<void>;
}

/** As in `cluster.yaml`; by default each server is the home of one account. */
export interface TemporaryLedger {
  readonly initial?: number;
  readonly accounts?: readonly { readonly id: string; readonly home: string; readonly initial: number }[];
}

/**
 * A cluster of server processes S1 to S`count`, which start rounds for their queues by themselves, in a temporary
 * folder.
 */
export async function temporaryCluster(count: number, ledger: TemporaryLedger): Promise<TemporaryCluster> {
  const directory = await mkdtemp(join(tmpdir(), 'synod-cluster-'));
  const servers = (await freePorts(count)).map((port, i) => ({ id: `S${i + 1}`, address: `127.0.0.1:${port}` }));
  const cluster = readCluster(JSON.stringify({ cluster: 'temporary', servers, ledger }), { file: 'temporary cluster' });
  const configFile = join(directory, 'cluster.yaml');
  await writeFile(configFile, writeCluster(cluster));
  const local = await LocalCluster.start({ cluster, configFile, directory });
  const close = async () => {
    await local.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  return { local, close };
}
