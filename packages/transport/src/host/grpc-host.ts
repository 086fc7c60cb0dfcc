import { Server, ServerCredentials, setLogVerbosity, logVerbosity } from '@grpc/grpc-js';
import { SynodError, type CallObserver } from '@synod/kernel';
import type { Backlog } from '../session/backlog.js';
import { CallGuard } from './call-guard.js';
import { watchCalls } from './call-watch.js';
import { countCalls, refuseOtherClusters } from './call-watchers.js';
import type { GrpcService } from './grpc-service.js';
import { Health } from './health.js';
import { channelOptions, defaultLimits, type GrpcLimits } from './limits.js';
import { addReflection } from './reflection.js';

export interface GrpcHostOptions {
  /** `host:port`; port 0 takes a free one. */
  readonly address: string;
  readonly services: readonly GrpcService[];
  /** Clients that name another cluster are refused. */
  readonly cluster?: string;
  readonly calls?: CallObserver;
  readonly limits?: Partial<GrpcLimits>;
  /** What the services' operations hold: while it is full, clients that read nothing are cut sooner. */
  readonly backlog?: Backlog;
}

/** A listening gRPC server, with health and reflection. */
export class GrpcHost {
  readonly #server: Server;
  readonly #services: readonly GrpcService[];
  readonly #health = new Health();
  readonly #hostname: string;
  readonly #guard: CallGuard;
  #port = 0;

  private constructor({ address, services, cluster, calls, limits, backlog }: GrpcHostOptions) {
    this.#services = services;
    this.#hostname = splitAddress(address);
    const bounds = { ...defaultLimits, ...limits };
    this.#guard = new CallGuard(bounds, { backlog, essential: services.filter(({ essential }) => essential) });
    const watchers = [this.#guard.watcher];
    if (calls) watchers.push(countCalls(calls, new Set(services.flatMap(countedByItself))));
    if (cluster !== undefined) watchers.push(refuseOtherClusters(cluster));
    this.#server = new Server({ ...channelOptions(bounds), interceptors: [watchCalls(watchers)] });
    const served = [...services, this.#health.service];
    for (const { definition, implementation } of served) this.#server.addService(definition, implementation);
    addReflection(
      this.#server,
      served.map(({ name }) => name),
    );
    this.setServing(true);
  }

  /** Rejects with `SynodError` `config`, naming the address, when it cannot be had. */
  static async listen(options: GrpcHostOptions): Promise<GrpcHost> {
    // grpc-js would print what `bind` throws as well.
    setLogVerbosity(logVerbosity.NONE);
    const host = new GrpcHost(options);
    host.#port = await bind(host.#server, options.address);
    return host;
  }

  /** `host:port`, with the port that was taken. */
  get address(): string {
    return `${this.#hostname}:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** What the health service answers for every service; `true` from the start. */
  setServing(serving: boolean): void {
    for (const name of ['', ...this.#services.map(({ name }) => name)]) this.#health.set(name, serving);
  }

  /** Refuses new calls, ends streams, lets running calls finish for at most `graceMs` (default 2,000). */
  async close(graceMs = 2_000): Promise<void> {
    this.setServing(false);
    for (const service of this.#services) service.close?.();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#guard.disconnect();
        this.#server.forceShutdown();
      }, graceMs);
      this.#server.tryShutdown(() => {
        clearTimeout(timer);
        this.#guard.close();
        resolve();
      });
    });
  }
}

function countedByItself({ name, countsItself = [] }: GrpcService): string[] {
  return countsItself.map((method) => `${name}/${method}`);
}

function splitAddress(address: string): string {
  const [, hostname, port] = /^(.+):(\d+)$/.exec(address) ?? [];
  if (hostname === undefined || Number(port) > 65_535) {
    throw new SynodError('config', `address '${address}' is not host:port`);
  }
  return hostname;
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (!error) return resolve(port);
      const problem = error.message.includes('EADDRINUSE') ? 'is already in use' : `cannot be had: ${error.message}`;
      reject(new SynodError('config', `address ${address} ${problem}`, { cause: error }));
    });
  });
}
