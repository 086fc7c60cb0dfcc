import { createRequire } from 'node:module';
import { connect, type SynodClient } from '@synod/client';
import { SynodError, type NodeId } from '@synod/kernel';
import type { RegisterConfig } from '@synod/tokens';
import type { AdminConnection, RegisterReport, ServerConnection } from '@synod/transport/client';
import { binOf } from './bin-of.js';
import { LocalServers } from './local-servers.js';
import { StatusBoard } from './status-board.js';

/** How long processes may take to start, on a machine that has other things to do. */
const startPatienceMs = 60_000;

const require = createRequire(import.meta.url);

export interface LocalRegistersOptions {
  /** Servers that listen where it says: on this machine. */
  readonly config: RegisterConfig;
  /** Where it was read from: `cluster.yaml`, or a replication scheme, for the servers. */
  readonly configFile: string;
  /** Holds one data directory per server. */
  readonly directory: string;
  /** Flags for every server, as `synod-register-server --help` names them. Faults are always allowed. */
  readonly serverFlags?: readonly string[];
  /** Gives up the start when it rejects. */
  readonly interrupted?: Promise<never>;
}

/** Registers and tokens on real server processes on this machine, and what can go wrong with those. */
export class LocalRegisters {
  readonly config: RegisterConfig;
  /** In natural order. */
  readonly servers: readonly NodeId[];
  readonly board: StatusBoard<RegisterReport>;
  readonly client: SynodClient;
  /** Rejects with `SynodError` `unavailable` when a server ends without being asked to; who does not care need not look. */
  readonly failed: Promise<never>;
  readonly #processes: LocalServers;
  #fail!: (error: SynodError) => void;
  /** Who each server may be linked to. */
  readonly #links = new Map<NodeId, readonly NodeId[]>();

  /** Starts all servers and waits until they take part. */
  static async start(options: LocalRegistersOptions): Promise<LocalRegisters> {
    const local = new LocalRegisters(options);
    try {
      await Promise.race([local.#startAll(), options.interrupted ?? new Promise<never>(() => {})]);
      return local;
    } catch (error) {
      await local.stop();
      throw error;
    }
  }

  private constructor({ config, configFile, directory, serverFlags = [] }: LocalRegistersOptions) {
    this.config = config;
    this.servers = config.servers.map(({ id }) => id);
    this.client = connect({ servers: config.servers, cluster: config.id });
    this.#processes = new LocalServers({
      servers: config.servers,
      module: binOf(require.resolve('@synod/register-server/package.json')),
      args: (id, data) => [
        ...['--config', configFile, '--id', id, '--data', data, '--allow-faults', '--quiet'],
        ...serverFlags,
      ],
      directory,
      gone: (server) => this.board.forget(server),
    });
    this.board = new StatusBoard((server, signal) => this.connection(server).registers.watchStatus({ signal }));
    this.failed = new Promise((_, reject) => (this.#fail = reject));
    this.failed.catch(() => {});
    for (const server of this.servers) this.#links.set(server, this.servers);
  }

  isRunning(server: NodeId): boolean {
    return this.#processes.isRunning(server);
  }

  isPaused(server: NodeId): boolean {
    return this.#processes.isPaused(server);
  }

  /** Those of `servers` whose processes run, in natural order. */
  running(servers: readonly NodeId[] = this.servers): NodeId[] {
    return this.#processes.running(servers);
  }

  /** The servers that a server may be linked to, running or not. */
  allowedLinks(server: NodeId): readonly NodeId[] {
    return this.#links.get(server) ?? [];
  }

  directoryOf(server: NodeId): string {
    return this.#processes.directoryOf(server);
  }

  /** All services of this life of the server. */
  connection(server: NodeId): ServerConnection {
    return this.#processes.connection(server);
  }

  admin(server: NodeId): AdminConnection {
    return this.#processes.admin(server);
  }

  /** Resolves when the server's process ends without being asked to: with its last word on stderr, or how it ended. */
  ended(server: NodeId): Promise<string> {
    return this.#processes.ended(server);
  }

  /** Starts a server on its data directory, without links if it may not have all; waits for nothing. */
  launch(server: NodeId, flags: readonly string[] = []): void {
    // Two servers without links, both started anew, would otherwise find each other.
    this.#processes.start(server, this.#hasAllLinks(server) ? flags : ['--links', 'none', ...flags]);
    this.board.follow(server);
    void this.ended(server).then((how) => this.#fail(new SynodError('unavailable', `server ${server} ended: ${how}`)));
  }

  /** Waits until these servers take part in all that they should; a process that ends meanwhile says why. */
  untilReady(servers: readonly NodeId[]): Promise<void> {
    return this.#until(servers, ({ ready }) => ready, 'take part');
  }

  /** Starts a crashed server on its data, with the links it should have now, and waits until it takes part. */
  async restart(server: NodeId): Promise<void> {
    this.launch(server);
    if (!this.#hasAllLinks(server)) {
      await this.#until([server], () => true, 'start');
      await this.admin(server).setLinks(this.allowedLinks(server));
    }
    await this.untilReady([server]);
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

  /** From now on the server says nothing to anybody, but for how it is. */
  silence(server: NodeId): Promise<void> {
    return this.admin(server).silence({ phase: undefined, afterMs: 0 });
  }

  /** Lifts all silences of the server. */
  unsilence(server: NodeId): Promise<void> {
    return this.admin(server).unsilence({});
  }

  /** Keeps a running server's links to these peers alone, itself among them or not, also when it is started again. */
  async setLinks(server: NodeId, peers: readonly NodeId[]): Promise<void> {
    this.#links.set(server, peers);
    await this.admin(server).setLinks(peers);
  }

  /** Cuts all links of a running server: clients still reach it. */
  isolate(server: NodeId): Promise<void> {
    return this.setLinks(server, []);
  }

  /** The server may be linked to all others again. */
  rejoin(server: NodeId): Promise<void> {
    return this.setLinks(server, this.servers);
  }

  /** Ends everything that was started here. */
  async stop(): Promise<void> {
    this.board.close();
    await this.#processes.stop();
    this.client.close();
  }

  async #startAll(): Promise<void> {
    for (const server of this.servers) this.launch(server);
    await this.untilReady(this.servers);
  }

  #until(servers: readonly NodeId[], holds: (report: RegisterReport) => boolean, what: string): Promise<void> {
    return this.#processes.untilReady(servers, this.board.until(servers, holds, what, startPatienceMs));
  }

  #hasAllLinks(server: NodeId): boolean {
    return this.servers.every((peer) => peer === server || this.allowedLinks(server).includes(peer));
  }
}
