import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCluster, writeCluster } from '@synod/cluster';
import { freePorts } from '../local-cluster/free-ports.js';
import { LocalCluster } from '../local-cluster/local-cluster.js';

export interface TemporaryCluster {
  readonly local: LocalCluster;
  close(): Promise<void>;
}

/** A cluster of server processes that start rounds for their queues by themselves, in a temporary folder. */
export async function temporaryCluster(servers: number, { initial }: { initial: bigint }): Promise<TemporaryCluster> {
  const directory = await mkdtemp(join(tmpdir(), 'synod-cluster-'));
  const addresses = (await freePorts(servers)).map((port) => `127.0.0.1:${port}`);
  const cluster = defaultCluster(servers, { addresses, initial });
  const configFile = join(directory, 'cluster.yaml');
  await writeFile(configFile, writeCluster(cluster));
  const local = await LocalCluster.start({ cluster, configFile, directory });
  const close = async () => {
    await local.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  return { local, close };
}
