import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SynodError, type NodeId } from '@synod/kernel';
import { ServerConnection, type AdminConnection } from '@synod/transport/client';
import { ServerProcess } from './server-process.js';

export interface LocalServersOptions {
  readonly servers: readonly { readonly id: NodeId; readonly address: string }[];
  /** The module that each of them runs. */
  readonly module: string;
  /** A server's command line. */
  readonly args: (server: NodeId, directory: string) => readonly string[];
  /** Holds one data directory per server. */
  readonly directory: string;
}

/** A server's process that ended, or is about to. */
export interface Ending {
  readonly server: NodeId;
  /** For people: `killed (SIGKILL)`, or its last word. */
  readonly reason: string;
  /** Undefined if a signal ended it. */
  readonly exitCode?: number | undefined;
}

/** Server processes on this machine, of whatever kind: started, killed, paused and ended by this process. */
export class LocalServers {
  /** In the order they were given. */
  readonly servers: readonly NodeId[];
  readonly #options: LocalServersOptions;
  readonly #processes = new Map<NodeId, ServerProcess>();
  readonly #paused = new Set<NodeId>();
  #stopped = false;
  readonly #connections = new Map<NodeId, ServerConnection>();
  readonly #endings = new Map<NodeId, Ending>();
  readonly #listeners = new Set<(ending: Ending) => void>();

  constructor(options: LocalServersOptions) {
    this.#options = options;
    this.servers = options.servers.map(({ id }) => id);
  }

  /** Whether its process is there, paused or not. */
  isRunning(server: NodeId): boolean {
    return this.#processes.has(server);
  }

  isPaused(server: NodeId): boolean {
    return this.#paused.has(server);
  }

  /** Those of `servers` whose processes run, in their order. */
  running(servers: readonly NodeId[] = this.servers): NodeId[] {
    return servers.filter((server) => this.isRunning(server));
  }

  directoryOf(server: NodeId): string {
    return join(this.#options.directory, server);
  }

  /** Of its process; undefined if it does not run. */
  pidOf(server: NodeId): number | undefined {
    return this.#processes.get(server)?.pid;
  }

  /** To this life of the server. Throws `SynodError` `unavailable` if it was never started. */
  connection(server: NodeId): ServerConnection {
    const connection = this.#connections.get(server);
    if (!connection) throw notRunning(server);
    return connection;
  }

  /** Throws `SynodError` `unavailable` if the server was never started. */
  admin(server: NodeId): AdminConnection {
    return this.connection(server).admin;
  }

  /** Resolves when the server's process ends without being asked to: with its last word on stderr, or how it ended. */
  ended(server: NodeId): Promise<string> {
    return this.#process(server).ended;
  }

  /**
   * Tells of each process that ends, before its end is waited for: killed, or by itself; not of `stop`. First of those
   * that have ended and were not started again. Until the returned function is called.
   */
  onEnd(listener: (ending: Ending) => void): () => void {
    for (const ending of this.#endings.values()) listener(ending);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How the server's process ended that ran last; undefined while one runs. */
  lastEnd(server: NodeId): Ending | undefined {
    return this.#endings.get(server);
  }

  /** Throws `SynodError` `unavailable` if a server that was started has ended since. */
  refuseEnded(server: NodeId): void {
    const ending = this.lastEnd(server);
    if (ending) throw new SynodError('unavailable', `${server} ended while it started: ${ending.reason}`);
  }

  /** Starts a server on its data directory, with more flags at the end of its command line. */
  start(server: NodeId, flags: readonly string[] = []): void {
    // Whoever was about to start it when all were stopped would leave it behind.
    if (this.#stopped) throw new SynodError('cancelled', 'the servers were stopped');
    if (this.isRunning(server)) throw new SynodError('invalid_argument', `${server} runs already`);
    const directory = this.directoryOf(server);
    mkdirSync(directory, { recursive: true });
    const { module, args } = this.#options;
    const process = new ServerProcess(module, [...args(server, directory), ...flags]);
    this.#processes.set(server, process);
    this.#endings.delete(server);
    this.#renewConnection(server);
    void process.ended.then((how) => {
      if (this.#processes.get(server) === process) {
        this.#forget({ server, reason: how, exitCode: process.exitCode });
      }
    });
  }

  /** Waits for `ready`; if one of the servers ends before, rejects with `SynodError` `unavailable` and its reason. */
  async untilReady(servers: readonly NodeId[], ready: Promise<void>): Promise<void> {
    const failures = servers.map(async (server) => {
      throw new SynodError('unavailable', `server ${server} could not start: ${await this.ended(server)}`);
    });
    await Promise.race([ready, ...failures]);
  }

  /** Ends the server's process with SIGKILL. */
  async crash(server: NodeId): Promise<void> {
    const process = this.#process(server);
    this.#forget({ server, reason: 'killed (SIGKILL)' });
    await process.kill();
  }

  /** SIGSTOP: the process stands still, its connections stay open. */
  pause(server: NodeId): void {
    this.#process(server).pause();
    this.#paused.add(server);
  }

  /** SIGCONT: the process goes on where it stood. */
  resume(server: NodeId): void {
    this.#process(server).resume();
    this.#paused.delete(server);
  }

  /** Ends all processes and connections. None can be started any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const processes = [...this.#processes.values()];
    this.#processes.clear();
    this.#paused.clear();
    await Promise.all(processes.map((process) => process.stop()));
    for (const connection of this.#connections.values()) connection.close();
  }

  #process(server: NodeId): ServerProcess {
    const process = this.#processes.get(server);
    if (!process) throw notRunning(server);
    return process;
  }

  #forget(ending: Ending): void {
    const { server } = ending;
    this.#processes.delete(server);
    this.#paused.delete(server);
    this.#endings.set(server, ending);
    for (const listener of this.#listeners) listener(ending);
  }

  /** A connection that saw its server die would be a while in finding it again. */
  #renewConnection(server: NodeId): void {
    this.#connections.get(server)?.close();
    const { address } = this.#options.servers.find(({ id }) => id === server)!;
    this.#connections.set(server, new ServerConnection(address));
  }
}

function notRunning(server: NodeId): SynodError {
  return new SynodError('unavailable', `${server} does not run`);
}
