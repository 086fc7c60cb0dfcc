import { createRequire } from 'node:module';
import { connect, type LedgerClient, type SynodClient } from '@synod/client';
import type { Cluster } from '@synod/cluster';
import { quorumSize, type NodeId } from '@synod/kernel';
import type { ServerReport } from '@synod/ledger';
import type { AdminConnection } from '@synod/transport/client';
import { binOf } from './bin-of.js';
import { LocalServers } from './local-servers.js';
import { StatusBoard } from './status-board.js';

/** How long processes may take to start, on a machine that has other things to do. */
const startPatienceMs = 60_000;
/** How long running servers may take to link up, or to catch up. */
const patienceMs = 10_000;

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

/** A ledger of real server processes on this machine: their links, and the chain they hold. */
export class LocalCluster {
  readonly cluster: Cluster;
  /** In natural order. */
  readonly servers: readonly NodeId[];
  readonly board: StatusBoard<ServerReport>;
  readonly client: SynodClient;
  readonly #processes: LocalServers;
  /** Who each server may be linked to. */
  readonly #links = new Map<NodeId, readonly NodeId[]>();

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

  private constructor({ cluster, configFile, directory, serverFlags = [] }: LocalClusterOptions) {
    this.cluster = cluster;
    this.servers = cluster.servers.map(({ id }) => id);
    this.client = connect({ servers: cluster.servers, cluster: cluster.id, timeoutMs: 2 * patienceMs });
    this.board = new StatusBoard((server, signal) => this.ledger.watchStatus(server, signal));
    this.#processes = new LocalServers({
      servers: cluster.servers,
      module: binOf(require.resolve('@synod/paxos-server/package.json')),
      args: (id, data) => ['--config', configFile, '--id', id, '--data', data, '--allow-faults', ...serverFlags],
      directory,
      gone: (server) => this.board.forget(server),
    });
    for (const server of this.servers) this.#links.set(server, this.servers);
  }

  get ledger(): LedgerClient {
    return this.client.ledger;
  }

  get majority(): number {
    return quorumSize(this.servers.length);
  }

  isRunning(server: NodeId): boolean {
    return this.#processes.isRunning(server);
  }

  /** Those of `servers` whose processes run, in natural order. */
  running(servers: readonly NodeId[] = this.servers): NodeId[] {
    return this.#processes.running(servers);
  }

  isLinked(server: NodeId): boolean {
    return this.allowedLinks(server).length > 0;
  }

  /** The servers a server may be linked to, running or not. */
  allowedLinks(server: NodeId): readonly NodeId[] {
    return this.#links.get(server) ?? [];
  }

  /** The running servers a server is meant to be linked to now. */
  linksOf(server: NodeId): NodeId[] {
    const allowed = this.allowedLinks(server);
    return allowed.filter(
      (peer) => peer !== server && this.isRunning(peer) && this.allowedLinks(peer).includes(server),
    );
  }

  directoryOf(server: NodeId): string {
    return this.#processes.directoryOf(server);
  }

  admin(server: NodeId): AdminConnection {
    return this.#processes.admin(server);
  }

  /** Resolves when the server's process ends without being asked to: with its last word on stderr, or how it ended. */
  ended(server: NodeId): Promise<string> {
    return this.#processes.ended(server);
  }

  /** Ends the server's process with SIGKILL. */
  crash(server: NodeId): Promise<void> {
    return this.#processes.crash(server);
  }

  /** Starts a crashed server on its data, with the links it should have now, and waits until it has caught up. */
  async restart(server: NodeId): Promise<void> {
    // Two servers without links, both started anew, would otherwise find each other.
    this.#spawn(server, ['--links', 'none']);
    await this.#untilUp([server]);
    await this.#tellLinks([server], (restarted) => this.allowedLinks(restarted));
    await this.settle([server, ...this.linksOf(server)]);
  }

  /**
   * Gives every server the links that `allowed` names, links that end first, so that no block takes a way that exists
   * neither before nor after. Waits until all of them stand, and those linked hold the same chain.
   */
  async setLinks(allowed: (server: NodeId) => readonly NodeId[]): Promise<void> {
    const changed = this.servers.filter((server) => !sameNames(this.#links.get(server) ?? [], allowed(server)));
    if (changed.length === 0) return;
    await this.#tellLinks(changed, (server) =>
      allowed(server).filter((peer) => this.#links.get(server)?.includes(peer)),
    );
    await this.#tellLinks(changed, allowed);
    for (const server of changed) this.#links.set(server, allowed(server));
    await this.settle(this.running());
  }

  /**
   * Waits until these servers have the links they should have, and each holds all blocks that those it is linked to
   * hold by then. A server that ends meanwhile is not waited for, nor for its blocks.
   */
  async settle(servers: readonly NodeId[]): Promise<void> {
    const linked = (server: NodeId) => this.linksOf(server).join();
    await this.board.until(
      servers,
      ({ status }, server) => status.connected.join() === linked(server),
      'link up',
      patienceMs,
    );
    const heightOf = (server: NodeId) => this.board.get(server)?.status.height ?? 0;
    const goals = new Map(servers.map((server) => [server, Math.max(0, ...this.linksOf(server).map(heightOf))]));
    const hasAllOf = (height: number, peer: NodeId, goal: number) => height >= Math.min(goal, heightOf(peer));
    await this.board.until(
      servers,
      ({ status }, server) => this.linksOf(server).every((peer) => hasAllOf(status.height, peer, goals.get(server)!)),
      'catch up',
      patienceMs,
    );
  }

  /** Waits until these servers have committed the block of this height. */
  async reached(height: number, servers: readonly NodeId[]): Promise<void> {
    await this.board.until(servers, ({ status }) => status.height >= height, `reach block ${height}`, patienceMs);
  }

  /** Ends everything this cluster started. */
  async stop(): Promise<void> {
    this.board.close();
    await this.#processes.stop();
    this.client.close();
  }

  async #startAll(): Promise<void> {
    for (const server of this.servers) this.#spawn(server);
    await this.#untilUp(this.servers);
    await this.settle(this.servers);
  }

  #spawn(server: NodeId, flags?: readonly string[]): void {
    this.#processes.start(server, flags);
    this.board.follow(server);
  }

  /** Waits until servers answer and take part; a process that ends meanwhile says why. */
  #untilUp(servers: readonly NodeId[]): Promise<void> {
    const ready = this.board.until(servers, ({ status }) => status.ready, 'start', startPatienceMs);
    return this.#processes.untilReady(servers, ready);
  }

  async #tellLinks(servers: readonly NodeId[], allowed: (server: NodeId) => readonly NodeId[]): Promise<void> {
    await Promise.all(this.running(servers).map((server) => this.admin(server).setLinks(allowed(server))));
  }
}

function sameNames(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
