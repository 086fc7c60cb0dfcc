import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCluster, freePorts, writeCluster } from '@synod/cluster';
import type { NodeId } from '@synod/kernel';
import { loadRegisterConfig } from '@synod/tokens';
import { LocalRegisters, registerProcesses, type LocalRegistersOptions } from '../local-cluster/local-registers.js';
import type { BeforeStart } from '../local-cluster/temporary-cluster.js';

export interface TemporaryRegistersOptions extends Pick<LocalRegistersOptions, 'interrupted' | 'serverFlags'> {
  /** How many, S1 to Sn, all of them replicas of all keys. */
  readonly servers: number;
  /** How many, r1 to rn. */
  readonly keys: number;
  /** More keys that all may write, such as `gone/*`. */
  readonly patterns?: readonly string[];
  /** What is done with the processes of the servers before they are started. */
  readonly before?: BeforeStart;
}

/** Registers on servers of this machine, in a folder that goes with them. */
export interface TemporaryRegisters {
  readonly local: LocalRegisters;
  readonly keys: readonly string[];
  readonly directory: string;
  /** Ends the servers. */
  readonly stop: () => Promise<void>;
  /** Ends the servers, and removes the folder. */
  readonly close: () => Promise<void>;
}

/** Starts servers, and waits until they take part. Rejects with `SynodError`, leaving nothing. */
export async function temporaryRegisters(options: TemporaryRegistersOptions): Promise<TemporaryRegisters> {
  const servers = (await freePorts(options.servers)).map((port, i) => ({
    id: `S${i + 1}`,
    address: `127.0.0.1:${port}`,
  }));
  const ids = servers.map(({ id }) => id);
  const { patterns = [], before } = options;
  const registers = registersOf(options.keys, ids);
  const more = patterns.map((key) => ({ key, writer: 'any', readers: ids }));
  const cluster = checkCluster(
    { cluster: 'record', servers, registers: [...registers, ...more] },
    `${options.servers} servers`,
  );
  const directory = await mkdtemp(join(tmpdir(), 'synod-record-'));
  const remove = () => rm(directory, { recursive: true, force: true, maxRetries: 5 });
  try {
    const configFile = join(directory, 'cluster.yaml');
    await writeFile(configFile, writeCluster(cluster));
    const config = await loadRegisterConfig(configFile);
    const place = { ...options, config, configFile, directory };
    await before?.(() => registerProcesses(place));
    const local = await LocalRegisters.start(place);
    const stop = () => local.stop();
    return { local, keys: registers.map(({ key }) => key), directory, stop, close: () => stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** In turn one with one writer, each time another server, and one that every server may write. */
function registersOf(keys: number, servers: readonly NodeId[]) {
  return Array.from({ length: keys }, (_, i) => ({
    key: `r${i + 1}`,
    writer: i % 2 === 0 ? servers[(i / 2) % servers.length]! : 'any',
    readers: servers,
  }));
}
