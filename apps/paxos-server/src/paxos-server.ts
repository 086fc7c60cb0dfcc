import { SynodError, type NodeId, type NodeLoop } from '@synod/kernel';
import type { LedgerProtocol } from '@synod/ledger';
import type { LevelStorage } from '@synod/storage';
import type { GrpcHost } from '@synod/transport/server';
import type { LedgerDoor } from './ledger-door.js';
import type { Log } from './log.js';
import type { EventLog } from './observation/event-log.js';

/** What a stop waits for at most: the transfers under way, then the calls that wait for their last byte. */
const drainMs = 3_000;
const closeMs = 1_000;

/** The parts of a server that its end concerns. */
export interface ServerParts {
  readonly id: NodeId;
  readonly host: GrpcHost;
  readonly ledger: LedgerDoor;
  readonly events: EventLog;
  readonly log: Log;
  readonly loop: NodeLoop<LedgerProtocol>;
  readonly storage: LevelStorage;
}

/** A server that runs. It ends in one of two ways: `stop`, or `fail`. */
export class PaxosServer {
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
    this.id = parts.id;
    this.address = parts.host.address;
    this.#parts = parts;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  /** Refuses new calls, finishes what is under way within a few seconds, closes the links and the store. */
  stop(): Promise<void> {
    this.#end ??= this.#stop();
    return this.#end;
  }

  /**
   * Ends the server at once; nothing is acknowledged any more. What it does by itself when its storage fails, an
   * invariant breaks or its disk turns out to be lost; a program can do the same with an error nobody caught.
   */
  fail(error: Error): void {
    if (this.#failed) return;
    this.#failed = true;
    const code = error instanceof SynodError ? error.code : error.name;
    this.#parts.events.add('error', 'fatal', error.message, { code });
    this.#resolveEnded(error);
    this.#end ??= this.#abandon();
  }

  async #stop(): Promise<void> {
    const { host, ledger, loop, storage, events, log } = this.#parts;
    events.add('info', 'server-stopping', 'refusing new calls, finishing what is under way');
    try {
      host.setServing(false);
      ledger.close();
      await ledger.drained(drainMs);
      await host.close(closeMs);
      await loop.stop();
      if (!this.#failed) await storage.checkpoint();
      await storage.close();
      events.add('info', 'server-stopped', 'stopped');
      log.close();
      this.#resolveEnded(undefined);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  async #abandon(): Promise<void> {
    const { host, ledger, loop, storage } = this.#parts;
    ledger.close();
    await host.close(0);
    await loop.stop();
    await storage.close().catch(() => {}); // it may be what failed
  }
}
