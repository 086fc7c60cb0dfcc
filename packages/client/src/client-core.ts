import { setMaxListeners } from 'node:events';
import { SynodError } from '@synod/kernel';
import { Deadline } from './deadline.js';
import { Hedging } from './hedging.js';
import { Layout } from './layout.js';
import type { CallOptions, ConnectOptions } from './options.js';
import { Servers } from './servers.js';
import { TimerWheel } from './timer-wheel.js';

/** Something under way that closing the client ends. */
interface Open {
  giveUp(why: string): void;
}

/** What the services of one client share. */
export class ClientCore {
  readonly servers: Servers;
  readonly layout: Layout;
  readonly hedging: Hedging;
  readonly wheel = new TimerWheel();
  readonly #timeoutMs: number;
  readonly #closed = new AbortController();
  readonly #open = new Set<Open>();
  #turn = 0;

  /** Throws `SynodError` `invalid_argument`. */
  constructor(options: ConnectOptions) {
    const { timeoutMs = 10_000, hedgeMs = 200 } = options;
    if (!(hedgeMs >= 0)) throw new SynodError('invalid_argument', `hedgeMs: 0 or more, not ${hedgeMs}`);
    this.servers = new Servers(options);
    this.layout = new Layout(this.servers);
    this.hedging = new Hedging(hedgeMs === 0 ? Infinity : hedgeMs);
    this.#timeoutMs = timeoutMs;
    // Every call that waits for a server listens.
    setMaxListeners(0, this.#closed.signal);
  }

  /** Aborted when the client is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Throws `SynodError` `invalid_argument`. */
  deadline(options: CallOptions): Deadline {
    return new Deadline(options, this.#timeoutMs);
  }

  /** Counts up, so that reads take turns among servers. */
  nextTurn(): number {
    return this.#turn++;
  }

  /** Has begun: `ended` must follow. */
  began(call: Open): void {
    this.#open.add(call);
  }

  ended(call: Open): void {
    this.#open.delete(call);
  }

  /** Ends every call under way with `cancelled`. */
  close(): void {
    this.#closed.abort();
    for (const call of this.#open) call.giveUp('the client was closed');
    this.servers.close();
  }
}
