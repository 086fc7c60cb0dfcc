import { createRequire } from 'node:module';
import type { Cluster } from '@synod/cluster';
import type { NodeId } from '@synod/kernel';
import type { LedgerCommand, LedgerResult, ServerReport } from '@synod/ledger';
import type { AdminConnection } from '@synod/transport/client';
import { LedgerCluster, type InitialBalance } from '../cluster/ledger-cluster.js';
import type { LocalMachines } from '../nemesis/local-machines.js';
import { homesIn } from './homes-in.js';
import { binOf } from './bin-of.js';
import { LocalServers, type Ending } from './local-servers.js';
import { askOfflineLedger } from './offline-ledger.js';

/** How long processes may take to start, on a machine that has other things to do. */
const startPatienceMs = 60_000;

const require = createRequire(import.meta.url);

export interface LocalClusterOptions {
  readonly cluster: Cluster;
  /** `cluster.yaml` for the servers. */
  readonly configFile: string;
  /** Holds one data directory per server. */
  readonly directory: string;
  /** Flags for every server, as `synod-paxos-server --help` names them. Faults are always allowed. */
  readonly serverFlags?: readonly string[];
  /** Gives up the start when it rejects. */
  readonly interrupted?: Promise<never>;
}

/** The processes of ledger servers, none of them started. */
export function ledgerProcesses({
  cluster,
  configFile,
  directory,
  serverFlags = [],
}: LocalClusterOptions): LocalServers {
  return new LocalServers({
    servers: cluster.servers,
    module: binOf(require.resolve('@synod/paxos-server/package.json')),
    args: (id, data) => ['--config', configFile, '--id', id, '--data', data, '--allow-faults', ...serverFlags],
    directory,
  });
}

/** A ledger of real server processes on this machine. */
export class LocalCluster extends LedgerCluster implements LocalMachines {
  readonly cluster: Cluster;
  readonly #processes: LocalServers;

  /** Starts all servers and waits until they are linked and take part. */
  static async start(options: LocalClusterOptions): Promise<LocalCluster> {
    const local = new LocalCluster(options);
    try {
      await Promise.race([local.#startAll(), options.interrupted ?? new Promise<never>(() => {})]);
      return local;
    } catch (error) {
      await local.stop();
      throw error;
    }
  }

  private constructor(options: LocalClusterOptions) {
    const { cluster } = options;
    super({ id: cluster.id, servers: cluster.servers, homes: homesIn(cluster) });
    this.cluster = cluster;
    this.#processes = ledgerProcesses(options);
    this.#processes.onEnd(({ server }) => this.board.forget(server));
  }

  override isRunning(server: NodeId): boolean {
    return this.#processes.isRunning(server);
  }

  override admin(server: NodeId): AdminConnection {
    return this.#processes.admin(server);
  }

  override async initialBalances(): Promise<readonly InitialBalance[]> {
    return this.cluster.ledger.accounts;
  }

  override readonly askOffline = (server: NodeId, command: LedgerCommand): Promise<LedgerResult> =>
    askOfflineLedger(this.cluster, server, this.directoryOf(server), command);

  directoryOf(server: NodeId): string {
    return this.#processes.directoryOf(server);
  }

  /** Resolves when the server's process ends without being asked to: with its last word on stderr, or how it ended. */
  ended(server: NodeId): Promise<string> {
    return this.#processes.ended(server);
  }

  exitCodeOf(server: NodeId): number | undefined {
    return this.#processes.lastEnd(server)?.exitCode;
  }

  /** See `LocalServers`. */
  onEnd(listener: (ending: Ending) => void): () => void {
    return this.#processes.onEnd(listener);
  }

  /** Ends the server's process with SIGKILL. */
  crash(server: NodeId): Promise<void> {
    return this.#processes.crash(server);
  }

  /** SIGSTOP: the process stands still, its connections stay open. */
  pause(server: NodeId): void {
    this.#processes.pause(server);
  }

  /** SIGCONT: the process goes on where it stood. */
  resume(server: NodeId): void {
    this.#processes.resume(server);
  }

  /** Starts a server on its data directory; waits for nothing. */
  launch(server: NodeId, flags: readonly string[] = []): void {
    this.#processes.start(server, flags);
    this.board.follow(server);
  }

  untilAnswering(server: NodeId): Promise<void> {
    return this.board.until([server], () => true, 'start', startPatienceMs);
  }

  untilTakingPart(server: NodeId): Promise<void> {
    return this.board.until([server], ({ status }) => status.ready, 'take part', startPatienceMs);
  }

  /** Starts a crashed server on its data, with the links it should have now, and waits until it has caught up. */
  async restart(server: NodeId): Promise<void> {
    // Two servers without links, both started anew, would otherwise find each other.
    this.launch(server, ['--links', 'none']);
    await this.#untilUp([server]);
    // Those it links to may know better, and end it: that another has its place.
    await this.#processes.untilReady([server], this.#relink(server));
    this.#processes.refuseEnded(server);
  }

  async #relink(server: NodeId): Promise<void> {
    await this.tellLinks([server], (restarted) => this.allowedLinks(restarted));
    await this.settle([server, ...this.linksOf(server)]);
  }

  /** Ends everything this cluster started. */
  async stop(): Promise<void> {
    this.board.close();
    await this.#processes.stop();
    this.client.close();
  }

  async #startAll(): Promise<void> {
    for (const server of this.servers) this.launch(server);
    await this.#untilUp(this.servers);
    await this.settle(this.servers);
  }

  /** Of its process: another that has taken the server's place, wherever that is, is none of these. */
  protected override reportsOf(server: NodeId, signal: AbortSignal): AsyncIterable<ServerReport> {
    return this.#processes.connection(server).ledger.watchStatus({ signal });
  }

  /** Waits until servers answer and take part; a process that ends meanwhile says why. */
  #untilUp(servers: readonly NodeId[]): Promise<void> {
    const ready = this.board.until(servers, ({ status }) => status.ready, 'start', startPatienceMs);
    return this.#processes.untilReady(servers, ready);
  }
}
