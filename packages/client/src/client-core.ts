import { setMaxListeners } from 'node:events';
import { SynodError } from '@synod/kernel';
import { Deadline } from './deadline.js';
import { Hedging } from './hedging.js';
import { Layout } from './layout.js';
import type { CallOptions, ConnectOptions } from './options.js';
import { Servers } from './servers.js';
import { TimerWheel } from './timer-wheel.js';

/** What the services of one client share. */
export class ClientCore {
  readonly servers: Servers;
  readonly layout: Layout;
  readonly hedging: Hedging;
  /** Everything that is under way waits in it for something: an answer, its deadline, its next try. */
  readonly wheel = new TimerWheel();
  readonly #timeoutMs: number;
  readonly #closed = new AbortController();
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

  /** Ends every call under way with `cancelled`. */
  close(): void {
    this.#closed.abort();
    this.wheel.close('the client was closed');
    this.servers.close();
  }
}
