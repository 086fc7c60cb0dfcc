import { createRequire } from 'node:module';
import { connect, type SynodClient } from '@synod/client';
import type { NodeId } from '@synod/kernel';
import type { RegisterConfig } from '@synod/tokens';
import type { AdminConnection, RegisterReport, ServerConnection } from '@synod/transport/client';
import { binOf } from './bin-of.js';
import { LocalServers } from './local-servers.js';
import { StatusBoard } from './status-board.js';

/** How long processes may take to start, on a machine that has other things to do. */
const startPatienceMs = 60_000;
/** How long running servers may take to link up. */
const patienceMs = 10_000;

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
  readonly #processes: LocalServers;
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

  /** Starts a server on its data directory, linked to all or not at all, and waits for nothing. */
  launch(server: NodeId, flags: readonly string[] = []): void {
    // Two servers without links, both started anew, would otherwise find each other.
    const cut = this.#links.get(server)!.length < this.servers.length;
    this.#processes.start(server, cut ? ['--links', 'none', ...flags] : flags);
    this.board.follow(server);
  }

  /** Waits until these servers take part in all that they should; a process that ends meanwhile says why. */
  untilReady(servers: readonly NodeId[]): Promise<void> {
    const ready = this.board.until(servers, (report) => report.ready, 'take part', startPatienceMs);
    return this.#processes.untilReady(servers, ready);
  }

  /** Starts a crashed server on its data, with the links it should have now, and waits until it takes part. */
  async restart(server: NodeId): Promise<void> {
    this.launch(server);
    await this.untilReady([server]);
    await this.#tellLinks([server]);
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

  /** Cuts all links but those inside a group, and waits until these stand. A server in no group is alone. */
  async split(...groups: readonly (readonly NodeId[])[]): Promise<void> {
    for (const server of this.servers) {
      this.#links.set(server, groups.find((group) => group.includes(server)) ?? [server]);
    }
    await this.#tellLinks(this.running());
  }

  /** Cuts all links of one server. */
  isolate(server: NodeId): Promise<void> {
    return this.split(this.servers.filter((other) => other !== server));
  }

  /** Links all servers again. */
  mend(): Promise<void> {
    return this.split(this.servers);
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

  /** Tells running servers who they may be linked to, and waits until they are. */
  async #tellLinks(servers: readonly NodeId[]): Promise<void> {
    await Promise.all(servers.map((server) => this.admin(server).setLinks(this.#links.get(server))));
    const shouldBe = (server: NodeId, peer: NodeId) => this.isRunning(peer) && this.#links.get(server)!.includes(peer);
    await this.board.until(
      servers,
      ({ peers }, server) => peers.every(({ node, linked }) => node === server || linked === shouldBe(server, node)),
      'link up',
      patienceMs,
    );
  }
}
