import { randomInt } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { SynodError, type NodeId } from '@synod/kernel';
import { Deadline } from './deadline.js';
import { Hedging } from './hedging.js';
import { Inquiries } from './inquiries.js';
import { Layout } from './layout.js';
import { readSources, type CallOptions, type ConnectOptions } from './options.js';
import { Servers } from './servers.js';
import { TimerWheel } from './timer-wheel.js';

/** What the services of one client share. */
export class ClientCore {
  readonly servers: Servers;
  readonly layout: Layout;
  readonly hedging: Hedging;
  /** Everything that is under way waits in it for something: an answer, its deadline, its next try. */
  readonly wheel = new TimerWheel();
  readonly inquiries: Inquiries;
  /** Reads of registers ask a majority of the replicas, not one server. */
  readonly readsFromReplicas: boolean;
  readonly #timeoutMs: number;
  readonly #closed = new AbortController();
  #isClosed = false;
  readonly #prefer: NodeId | undefined;
  readonly #random = randomInt(2 ** 32);
  #watches = this.#random;

  /** Throws `SynodError` `invalid_argument`. */
  constructor(options: ConnectOptions) {
    const { timeoutMs = 10_000, hedgeMs = 200, readFrom = 'server' } = options;
    if (!(hedgeMs >= 0)) throw new SynodError('invalid_argument', `hedgeMs: 0 or more, not ${hedgeMs}`);
    if (!readSources.includes(readFrom)) {
      throw new SynodError('invalid_argument', `readFrom: ${readSources.join(' or ')}, not ${String(readFrom)}`);
    }
    this.readsFromReplicas = readFrom === 'replicas';
    this.servers = new Servers(options);
    this.layout = new Layout(this.servers);
    this.hedging = new Hedging(hedgeMs === 0 ? Infinity : hedgeMs);
    this.inquiries = new Inquiries(this.servers, this.wheel, this.hedging);
    this.#timeoutMs = timeoutMs;
    this.#prefer = options.prefer;
    // Every call that waits for a server listens.
    setMaxListeners(0, this.#closed.signal);
  }

  /** Aborted when the client is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** The same, for whoever asks often. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Throws `SynodError` `invalid_argument`. */
  deadline(options: CallOptions): Deadline {
    return new Deadline(options, this.#timeoutMs);
  }

  /**
   * The place, among servers of which each would do, of the one that this client keeps to as long as it answers: what is
   * asked of one server travels, and is written, together. Other clients keep to others.
   */
  placeIn(nodes: readonly NodeId[]): number {
    const preferred = this.#prefer === undefined ? -1 : nodes.indexOf(this.#prefer);
    return preferred >= 0 ? preferred : this.#random % nodes.length;
  }

  /** Counts up, so that watches, which last, take turns among servers. */
  nextWatch(): number {
    return this.#watches++;
  }

  /** Ends every call under way with `cancelled`. */
  close(): void {
    this.#isClosed = true;
    this.#closed.abort();
    this.wheel.close('the client was closed');
    this.servers.close();
  }
}
