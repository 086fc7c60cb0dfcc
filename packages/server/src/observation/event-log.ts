import type { EventLevel, NodeId, ServerEvent } from '@synod/kernel';
import type { Log } from './log.js';
import { Listeners } from './listeners.js';

/** How many events are kept for those who begin to watch later. */
const capacity = 10_000;

/** What happens on a server: into its log, to whoever watches, and for a while into memory. */
export class EventLog {
  readonly #server: NodeId;
  #log: Log | undefined;
  readonly #listeners = new Listeners<ServerEvent>();
  /** A ring: event n stands at n modulo its capacity. */
  readonly #kept: ServerEvent[] = [];
  #count = 0;

  constructor(server: NodeId) {
    this.#server = server;
  }

  /** From now on writes all events to a log, those before included: what comes first may be that there is no log. */
  writeTo(log: Log): void {
    this.#log = log;
    for (const event of this.last(capacity)) write(event, log);
  }

  /** What happens from now on does not concern the server any more. */
  end(): void {
    this.#log?.close();
    this.#log = undefined;
  }

  /** Whether somebody takes events of debug level: if not, do not even make them. Others are always taken. */
  get wantsDebug(): boolean {
    return !this.#listeners.isEmpty || this.#log?.logger.isLevelEnabled('debug') === true;
  }

  add(level: EventLevel, kind: string, message: string, fields: Readonly<Record<string, string>> = {}): void {
    const sequence = ++this.#count;
    const event = { sequence, timeMs: Date.now(), server: this.#server, level, kind, message, fields };
    this.#kept[sequence % capacity] = event;
    if (this.#log) write(event, this.#log);
    this.#listeners.tell(event);
  }

  onEvent(listener: (event: ServerEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** The last events, oldest first, at most `count`. */
  last(count: number): readonly ServerEvent[] {
    const first = Math.max(1, this.#count - Math.min(count, capacity) + 1);
    const events: ServerEvent[] = [];
    for (let sequence = first; sequence <= this.#count; sequence++) events.push(this.#kept[sequence % capacity]!);
    return events;
  }
}

function write({ server, level, kind, message, fields }: ServerEvent, { logger }: Log): void {
  logger[level]({ server, kind, ...fields }, message);
}
