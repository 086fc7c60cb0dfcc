import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCluster, freeAddresses, writeCluster, type Cluster } from '@synod/cluster';
import { AdminConnection, NodeConnection } from '@synod/transport/client';
import { ServerProcess } from './server-process.js';
import { Successor } from './successor.js';

/** A cluster, and a temporary directory that holds its `cluster.yaml`. */
export interface Place {
  readonly cluster: Cluster;
  readonly directory: string;
}

const configFileIn = (directory: string): string => join(directory, 'cluster.yaml');

/** A cluster named `test` of S1 to S`servers` on free addresses of this machine. `more`: what it is to hold. */
export async function newPlace(
  servers: number,
  more: Partial<Pick<Cluster, 'registers' | 'tokens'>> = {},
): Promise<Place> {
  const addresses = await freeAddresses(servers);
  const cluster = { ...defaultCluster(servers, { id: 'test', addresses }), ...more };
  const directory = await mkdtemp(join(tmpdir(), 'synod-server-'));
  await writeFile(configFileIn(directory), writeCluster(cluster));
  return { cluster, directory };
}

/** A cluster in a temporary directory, and all that a test opened there. */
export class ServerWorkspace {
  readonly cluster: Cluster;
  readonly directory: string;
  readonly #bin: string;
  readonly #opened: { close(): unknown }[] = [];

  /** `bin`: the file of the command that runs one server. */
  constructor({ cluster, directory }: Place, bin: string) {
    this.cluster = cluster;
    this.directory = directory;
    this.#bin = bin;
  }

  get configFile(): string {
    return configFileIn(this.directory);
  }

  dataOf(id: string): string {
    return join(this.directory, 'data', id);
  }

  addressOf(id: string): string {
    return this.cluster.servers.find((server) => server.id === id)!.address;
  }

  /** A server in a process of its own. */
  spawn(id: string, ...args: string[]): ServerProcess {
    return this.run(...this.#flags(id), ...args);
  }

  /** The same, on a file system on which no file grows beyond so many KiB. */
  spawnOnSmallDisk(id: string, fileKiB: number): ServerProcess {
    const within = ['bash', '-c', `ulimit -f ${fileKiB} && exec "$@"`, 'bash'];
    return this.keep(new ServerProcess(this.#bin, this.#flags(id), within));
  }

  /** The command with any arguments. */
  run(...args: string[]): ServerProcess {
    return this.keep(new ServerProcess(this.#bin, args));
  }

  /** The server that is to take the place of `id`. `args`: more flags for it. */
  async successor(id: string, ...args: string[]): Promise<Successor> {
    const [address] = await freeAddresses(1);
    const place = ['--data', this.dataOf(`${id}-new`), '--listen', address!, '--replacement'];
    return this.keep(new Successor(id, address!, () => this.spawn(id, ...place, ...args)));
  }

  admin(id: string): AdminConnection {
    return this.keep(new AdminConnection(this.addressOf(id), { cluster: this.cluster.id }));
  }

  node(id: string): NodeConnection {
    return this.keep(new NodeConnection(this.addressOf(id), { cluster: this.cluster.id }));
  }

  /** Closes it when the workspace is closed. */
  keep<T extends { close(): unknown }>(opened: T): T {
    this.#opened.push(opened);
    return opened;
  }

  /** Ends everything, last opened first, and removes the directory. */
  async close(): Promise<void> {
    for (const one of this.#opened.splice(0).reverse()) await one.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  #flags(id: string): string[] {
    return ['--config', this.configFile, '--id', id, '--data', this.dataOf(id)];
  }
}
