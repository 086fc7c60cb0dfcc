import { SynodError, type NodeId, type NodeLoop } from '@synod/kernel';
import type { LevelStorage } from '@synod/storage';
import type { GrpcHost } from '@synod/transport/server';
import type { Application } from './application.js';
import type { Door } from './doors/door.js';
import type { HealthPage } from './observation/health-page.js';
import type { Instruments } from './observation/instruments.js';
import type { ServedProtocol } from './served-protocol.js';

/** What a stop waits for at most: what is under way, then the calls that wait for their last byte. */
const drainMs = 3_000;
const closeMs = 1_000;

/** The parts of a server that its end concerns. */
export interface ServerParts extends Instruments {
  readonly host: GrpcHost;
  readonly page: HealthPage | undefined;
  readonly application: Pick<Application<ServedProtocol>, 'close'> & {
    readonly door: Pick<Door<ServedProtocol>, 'close' | 'drained'>;
  };
  readonly loop: Pick<NodeLoop<ServedProtocol>, 'stop'>;
  readonly storage: LevelStorage;
}

/** A server that runs. It ends in one of two ways: `stop`, or `fail`. */
export class RunningServer {
  readonly id: NodeId;
  /** `host:port` of clients and peers. */
  readonly address: string;
  /** Resolves when the server serves no more: with what made it fail, or with undefined when it was stopped. */
  readonly ended: Promise<Error | undefined>;
  readonly #parts: ServerParts;
  #resolveEnded!: (error: Error | undefined) => void;
  #end: Promise<void> | undefined;
  #failed = false;

  constructor(parts: ServerParts) {
    this.id = parts.server;
    this.address = parts.host.address;
    this.#parts = parts;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  /** It serves no more, for it can not. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Refuses new calls, finishes what is under way within a few seconds, closes the links and the store. */
  stop(): Promise<void> {
    this.#end ??= this.#stop();
    return this.#end;
  }

  /**
   * Ends the server at once: nothing is acknowledged any more. It does so by itself when its storage fails, an
   * invariant breaks or its disk turns out to be lost; a program can with an error that nobody caught.
   */
  fail(error: Error): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#resolveEnded(error);
    const { events } = this.#parts;
    try {
      events.add('error', 'fatal', error.message, { code: error instanceof SynodError ? error.code : error.name });
      events.end();
    } catch {
      // The log may be what failed. Who waits for `ended` knows.
    }
    this.#end ??= this.#abandon();
  }

  async #stop(): Promise<void> {
    const { host, page, application, loop, storage, events, metrics, silence } = this.#parts;
    events.add('info', 'server-stopping', 'refusing new calls, finishing what is under way');
    try {
      host.setServing(false);
      application.door.close();
      await application.door.drained(drainMs);
      await host.close(closeMs);
      await page?.close();
      await loop.stop();
      await application.close?.();
      if (!this.#failed) await storage.checkpoint();
      await storage.close();
      metrics.close();
      silence.close();
      events.add('info', 'server-stopped', 'stopped');
      events.end();
      this.#resolveEnded(undefined);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  async #abandon(): Promise<void> {
    const { host, page, application, loop, storage, metrics, silence } = this.#parts;
    application.door.close();
    await host.close(0);
    await page?.close();
    await loop.stop();
    await application.close?.();
    metrics.close();
    silence.close();
    await storage.close().catch(() => {}); // it may be what failed
  }
}
