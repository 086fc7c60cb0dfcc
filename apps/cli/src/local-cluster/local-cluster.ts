import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type LedgerClient, type SynodClient } from '@synod/client';
import type { Cluster } from '@synod/cluster';
import { quorumSize, SynodError, type NodeId } from '@synod/kernel';
import { AdminConnection } from '@synod/transport/client';
import { ServerProcess } from './server-process.js';
import { StatusBoard } from './status-board.js';

/** How long processes may take to start, on a machine that has other things to do. */
const startPatienceMs = 60_000;
/** How long running servers may take to link up, or to catch up. */
const patienceMs = 10_000;

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

/** A cluster of real server processes on this machine, started, driven and ended by this one. */
export class LocalCluster {
  readonly cluster: Cluster;
  readonly directory: string;
  /** In natural order. */
  readonly servers: readonly NodeId[];
  readonly board: StatusBoard;
  readonly #configFile: string;
  readonly #serverFlags: readonly string[];
  readonly #client: SynodClient;
  readonly #processes = new Map<NodeId, ServerProcess>();
  readonly #admins = new Map<NodeId, AdminConnection>();
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
    this.directory = directory;
    this.#configFile = configFile;
    this.#serverFlags = serverFlags;
    this.servers = cluster.servers.map(({ id }) => id);
    this.#client = connect({ servers: cluster.servers, cluster: cluster.id, timeoutMs: 2 * patienceMs });
    this.board = new StatusBoard(this.#client.ledger);
    for (const server of this.servers) this.#links.set(server, this.servers);
  }

  get ledger(): LedgerClient {
    return this.#client.ledger;
  }

  get majority(): number {
    return quorumSize(this.servers.length);
  }

  isRunning(server: NodeId): boolean {
    return this.#processes.has(server);
  }

  /** Those of `servers` whose processes run, in natural order. */
  running(servers: readonly NodeId[] = this.servers): NodeId[] {
    return servers.filter((server) => this.isRunning(server));
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
    return join(this.directory, server);
  }

  admin(server: NodeId): AdminConnection {
    const admin = this.#admins.get(server);
    if (!admin) throw new SynodError('unavailable', `${server} does not run`);
    return admin;
  }

  /** Resolves when the server's process ends without being asked to: with its last word on stderr, or how it ended. */
  ended(server: NodeId): Promise<string> {
    const process = this.#processes.get(server);
    if (!process) throw new SynodError('unavailable', `${server} does not run`);
    return process.ended;
  }

  /** Ends the server's process with SIGKILL. */
  async crash(server: NodeId): Promise<void> {
    const process = this.#processes.get(server);
    if (!process) throw new SynodError('unavailable', `${server} does not run`);
    this.#processes.delete(server);
    this.board.forget(server);
    await process.kill();
  }

  /** Starts a crashed server on its data, with the links it should have now, and waits until it has caught up. */
  async restart(server: NodeId): Promise<void> {
    if (this.isRunning(server)) throw new SynodError('invalid_argument', `${server} runs already`);
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
      (status, server) => status.connected.join() === linked(server),
      'link up',
      patienceMs,
    );
    const heightOf = (server: NodeId) => this.board.get(server)?.status.height ?? 0;
    const goals = new Map(servers.map((server) => [server, Math.max(0, ...this.linksOf(server).map(heightOf))]));
    const hasAllOf = (height: number, peer: NodeId, goal: number) => height >= Math.min(goal, heightOf(peer));
    await this.board.until(
      servers,
      ({ height }, server) => this.linksOf(server).every((peer) => hasAllOf(height, peer, goals.get(server)!)),
      'catch up',
      patienceMs,
    );
  }

  /** Waits until these servers have committed the block of this height. */
  async reached(height: number, servers: readonly NodeId[]): Promise<void> {
    await this.board.until(servers, (status) => status.height >= height, `reach block ${height}`, patienceMs);
  }

  /** Ends everything this cluster started. */
  async stop(): Promise<void> {
    this.board.close();
    const processes = [...this.#processes.values()];
    this.#processes.clear();
    await Promise.all(processes.map((process) => process.stop()));
    this.#client.close();
    for (const admin of this.#admins.values()) admin.close();
  }

  async #startAll(): Promise<void> {
    for (const server of this.servers) this.#spawn(server);
    await this.#untilUp(this.servers);
    await this.settle(this.servers);
  }

  #spawn(server: NodeId, flags: readonly string[] = []): void {
    mkdirSync(this.directoryOf(server), { recursive: true });
    const process = new ServerProcess({
      id: server,
      configFile: this.#configFile,
      directory: this.directoryOf(server),
      flags: [...this.#serverFlags, ...flags],
    });
    this.#processes.set(server, process);
    this.board.follow(server);
    this.#renewAdmin(server);
    void process.ended.then(() => {
      if (this.#processes.get(server) !== process) return;
      this.#processes.delete(server);
      this.board.forget(server);
    });
  }

  /** A connection that saw its server die would be a while in finding it again. */
  #renewAdmin(server: NodeId): void {
    this.#admins.get(server)?.close();
    const { address } = this.cluster.servers.find(({ id }) => id === server)!;
    this.#admins.set(server, new AdminConnection(address));
  }

  /** Waits until servers answer and take part; a process that ends meanwhile says why. */
  async #untilUp(servers: readonly NodeId[]): Promise<void> {
    const processes = servers.map((server) => ({ server, process: this.#processes.get(server) }));
    const failures = processes.map(async ({ server, process }) => {
      throw new SynodError('unavailable', `server ${server} could not start: ${await process?.ended}`);
    });
    await Promise.race([this.board.until(servers, ({ ready }) => ready, 'start', startPatienceMs), ...failures]);
  }

  async #tellLinks(servers: readonly NodeId[], allowed: (server: NodeId) => readonly NodeId[]): Promise<void> {
    await Promise.all(this.running(servers).map((server) => this.admin(server).setLinks(allowed(server))));
  }
}

function sameNames(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
