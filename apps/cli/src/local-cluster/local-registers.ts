import { createRequire } from 'node:module';
import { SynodError, type NodeId } from '@synod/kernel';
import type { Cell } from '@synod/register';
import type { RegisterConfig } from '@synod/tokens';
import type { RegisterReport, ServerConnection } from '@synod/transport/client';
import { RegisterCluster } from '../cluster/register-cluster.js';
import type { LocalMachines } from '../nemesis/local-machines.js';
import { binOf } from './bin-of.js';
import { LocalServers, type Ending } from './local-servers.js';
import { offlineCells } from './offline-registers.js';

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

/** The processes of register servers, none of them started. */
export function registerProcesses({
  config,
  configFile,
  directory,
  serverFlags = [],
}: LocalRegistersOptions): LocalServers {
  return new LocalServers({
    servers: config.servers,
    module: binOf(require.resolve('@synod/register-server/package.json')),
    args: (id, data) => [
      ...['--config', configFile, '--id', id, '--data', data, '--allow-faults', '--quiet'],
      ...serverFlags,
    ],
    directory,
  });
}

/** Registers and tokens on real server processes on this machine, and what can go wrong with those. */
export class LocalRegisters extends RegisterCluster implements LocalMachines {
  readonly config: RegisterConfig;
  /** Rejects with `SynodError` `unavailable` when a server ends without being asked to; who does not care need not look. */
  readonly failed: Promise<never>;
  readonly #processes: LocalServers;
  #fail!: (error: SynodError) => void;

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

  private constructor(options: LocalRegistersOptions) {
    const { config } = options;
    const { servers: nodes, registers, tokens } = config;
    super({ id: config.id, layout: { nodes, registers, tokens } });
    this.config = config;
    this.#processes = registerProcesses(options);
    this.#processes.onEnd(({ server }) => this.board.forget(server));
    this.failed = new Promise((_, reject) => (this.#fail = reject));
    this.failed.catch(() => {});
  }

  override isRunning(server: NodeId): boolean {
    return this.#processes.isRunning(server);
  }

  isPaused(server: NodeId): boolean {
    return this.#processes.isPaused(server);
  }

  override readonly offlineCells = (
    server: NodeId,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, Cell | undefined>> =>
    offlineCells(this.config, server, this.directoryOf(server), keys);

  directoryOf(server: NodeId): string {
    return this.#processes.directoryOf(server);
  }

  /** All services of this life of the server. */
  override connection(server: NodeId): ServerConnection {
    return this.#processes.connection(server);
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

  untilAnswering(server: NodeId): Promise<void> {
    return this.board.until([server], () => true, 'start', startPatienceMs);
  }

  untilTakingPart(server: NodeId): Promise<void> {
    return this.board.until([server], ({ ready }) => ready, 'take part', startPatienceMs);
  }

  /** Starts a crashed server on its data, with the links it should have now, and waits until it takes part. */
  async restart(server: NodeId): Promise<void> {
    this.launch(server);
    if (!this.#hasAllLinks(server)) {
      await this.#until([server], () => true, 'start');
      await this.admin(server).setLinks(this.allowedLinks(server));
    }
    await this.untilReady([server]);
    this.#processes.refuseEnded(server);
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
