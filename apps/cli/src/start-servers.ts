import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeCluster, type Cluster } from '@synod/cluster';
import type { RegisterConfig } from '@synod/tokens';
import { LocalCluster } from './local-cluster/local-cluster.js';
import { LocalRegisters } from './local-cluster/local-registers.js';
import { refuseTaken } from './local-cluster/refuse-taken.js';
import type { Place } from './with-servers.js';

/** Registers, and the file that says so: `cluster.yaml`, or a replication scheme. */
export interface RegisterSetup {
  readonly config: RegisterConfig;
  readonly configFile: string;
}

/** What runs: one of the two, or both. */
export interface Started {
  readonly ledger: LocalCluster | undefined;
  readonly registers: LocalRegisters | undefined;
  stop(): Promise<void>;
}

/**
 * Starts the servers of a ledger that plays files, and keeps its `cluster.yaml` for a later run on the same data.
 * Rejects with `SynodError` `config` if an address can not be had.
 */
export async function startLedger(cluster: Cluster, { directory, interrupted }: Place): Promise<LocalCluster> {
  await refuseTaken(cluster.servers);
  const configFile = join(directory, 'cluster.yaml');
  await writeFile(configFile, writeCluster(cluster));
  const serverFlags = ['--queue-rounds', 'on-request'];
  return LocalCluster.start({ cluster, configFile, directory, serverFlags, interrupted });
}

/**
 * Starts what there is: the ledger first. Nothing is left of it if the registers can not be started. Rejects with
 * `SynodError` `config`, having started nothing, if an address can not be had.
 */
export async function startAll(
  { cluster, registers: setup }: { readonly cluster?: Cluster; readonly registers?: RegisterSetup },
  place: Place,
): Promise<Started> {
  if (setup) await refuseTaken(setup.config.servers);
  const ledger = cluster && (await startLedger(cluster, place));
  try {
    const registers = setup && (await startRegisters(setup, place));
    return { ledger, registers, stop: async () => void (await Promise.all([ledger?.stop(), registers?.stop()])) };
  } catch (error) {
    await ledger?.stop();
    throw error;
  }
}

/** In a folder of their own: a ledger of an earlier run may have left servers of the same names. */
async function startRegisters(
  setup: RegisterSetup,
  { directory: parent, interrupted }: Place,
): Promise<LocalRegisters> {
  const directory = join(parent, 'registers');
  await mkdir(directory, { recursive: true });
  return LocalRegisters.start({ ...setup, directory, interrupted });
}
