import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeAddresses } from '@synod/cluster';
import type { ServerOptions } from '../options.js';
import type { RunningServer } from '../running-server.js';
import { startServer } from '../start-server.js';
import { Counter } from './counter.js';

/** A counter that runs as a server. */
export interface CounterServer {
  readonly server: RunningServer;
  readonly counter: Counter;
}

/** A cluster of counters in this process, in a temporary directory. */
export class Counters {
  readonly directory = mkdtempSync(join(tmpdir(), 'synod-counters-'));
  readonly cluster: ServerOptions['cluster'];
  readonly #started: RunningServer[] = [];

  static async make(count: number, { admin = false } = {}): Promise<Counters> {
    const addresses = await freeAddresses(2 * count);
    const servers = addresses.slice(0, count).map((address, i) => ({
      id: `S${i + 1}`,
      address,
      admin: admin ? addresses[count + i] : undefined,
    }));
    return new Counters({ id: 'test', servers });
  }

  private constructor(cluster: ServerOptions['cluster']) {
    this.cluster = cluster;
  }

  dataOf(id: string): string {
    return join(this.directory, id);
  }

  addressOf(id: string): string {
    return this.cluster.servers.find((server) => server.id === id)!.address;
  }

  /** `prepare`: changes the counter before it is started. */
  async start(
    id: string,
    options: Partial<ServerOptions> = {},
    prepare: (counter: Counter) => void = () => {},
  ): Promise<CounterServer> {
    let counter!: Counter;
    const all = { cluster: this.cluster, id, dataDirectory: this.dataOf(id), ...options };
    const server = await startServer(all, (instruments) => {
      const members = all.cluster.servers.map((server) => server.id);
      counter = new Counter(instruments, members);
      prepare(counter);
      return counter;
    });
    this.#started.push(server);
    return { server, counter };
  }

  /** Stops what was started, last first, and removes the directory. */
  async close(): Promise<void> {
    for (const server of this.#started.reverse()) await server.stop();
    rmSync(this.directory, { recursive: true });
  }
}
