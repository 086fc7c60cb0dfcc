import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultCluster, writeCluster, type Cluster } from '@synod/cluster';
import { SynodError } from '@synod/kernel';
import type { ServerReport, TransferCommand, TransferOutcome } from '@synod/ledger';
import { AdminConnection, LedgerConnection } from '@synod/transport/client';
import { startPaxosServer, type PaxosServer, type PaxosServerOptions } from '../index.js';
import { freeAddresses } from './free-ports.js';
import { ServerProcess } from './server-process.js';

/** How long anything may take before a test gives it up. */
const patienceMs = 20_000;

/** A cluster in a temporary directory, and all that a test started in it. */
export class Workspace {
  readonly cluster: Cluster;
  readonly directory: string;
  readonly #opened: { close(): unknown }[] = [];

  static async make(servers: number): Promise<Workspace> {
    const cluster = defaultCluster(servers, { id: 'test', addresses: await freeAddresses(servers) });
    const workspace = new Workspace(cluster, await mkdtemp(join(tmpdir(), 'synod-paxos-server-')));
    await writeFile(workspace.configFile, writeCluster(cluster));
    return workspace;
  }

  private constructor(cluster: Cluster, directory: string) {
    this.cluster = cluster;
    this.directory = directory;
  }

  get configFile(): string {
    return join(this.directory, 'cluster.yaml');
  }

  dataOf(id: string): string {
    return join(this.directory, 'data', id);
  }

  addressOf(id: string): string {
    return this.cluster.servers.find((server) => server.id === id)!.address;
  }

  /** A server in this process. */
  async start(id: string, options: Partial<PaxosServerOptions> = {}): Promise<PaxosServer> {
    const server = await startPaxosServer({ cluster: this.cluster, id, dataDirectory: this.dataOf(id), ...options });
    this.#opened.push({ close: () => server.stop() });
    return server;
  }

  /** A server in a process of its own. */
  spawn(id: string, ...args: string[]): ServerProcess {
    return this.run(...this.#flags(id), ...args);
  }

  /** The same, on a file system on which no file grows beyond so many KiB. */
  spawnOnSmallDisk(id: string, fileKiB: number): ServerProcess {
    const within = ['bash', '-c', `ulimit -f ${fileKiB} && exec "$@"`, 'bash'];
    return this.#keep(new ServerProcess(this.#flags(id), within));
  }

  /** The command with any arguments. */
  run(...args: string[]): ServerProcess {
    return this.#keep(new ServerProcess(args));
  }

  ledger(id: string): LedgerConnection {
    return this.#keep(new LedgerConnection(this.addressOf(id), { cluster: this.cluster.id }));
  }

  admin(id: string): AdminConnection {
    return this.#keep(new AdminConnection(this.addressOf(id), { cluster: this.cluster.id }));
  }

  transfer(from: string, to: string, amount: bigint, options: Partial<TransferCommand> & { id?: string } = {}) {
    const { id = `${from}-${to}-${amount}`, ...rest } = options;
    const transfer = { id, from, to, amount };
    const command = {
      short: 'queue',
      durability: 'local',
      gather: undefined,
      ...rest,
      type: 'transfer',
      transfer,
    } as const;
    return this.ledger(from).transfer(command, { timeoutMs: patienceMs });
  }

  /** The first report of a server that is as wanted, from when it can be reached. */
  async until(id: string, wanted: (report: ServerReport) => boolean): Promise<ServerReport> {
    const signal = AbortSignal.timeout(patienceMs);
    while (!signal.aborted) {
      try {
        for await (const report of this.ledger(id).watchStatus({ signal })) if (wanted(report)) return report;
      } catch (error) {
        if (!(error instanceof SynodError && isStarting(error))) throw error;
        await sleep(50);
      }
    }
    throw new Error(`${id} did not come to what was awaited`);
  }

  /** All of them take part and are linked to one another. */
  async untilUp(...ids: string[]): Promise<void> {
    const linked = ({ status }: ServerReport) =>
      ids.every((id) => id === status.server || status.connected.includes(id));
    await Promise.all(ids.map((id) => this.until(id, (report) => report.status.ready && linked(report))));
  }

  /** Ends everything, last started first, and removes the directory. */
  async close(): Promise<void> {
    for (const one of this.#opened.splice(0).reverse()) await one.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  #flags(id: string): string[] {
    return ['--config', this.configFile, '--id', id, '--data', this.dataOf(id)];
  }

  #keep<T extends { close(): unknown }>(opened: T): T {
    this.#opened.push(opened);
    return opened;
  }
}

function isStarting({ code }: SynodError): boolean {
  return code === 'unavailable' || code === 'not_ready';
}

/** What counts of an outcome when a test compares it. */
export function brief({ id, status, sequence }: TransferOutcome): string {
  return `${id} ${status} ${sequence}`;
}
