import type { Input, NodeId, Protocol, Time } from '@synod/kernel';

/** What befell nodes and messages, one by one: what a fault comes to. */
export type IncidentKind =
  | 'crash'
  | 'restart'
  | 'pause'
  | 'resume'
  | 'cut'
  | 'mend'
  | 'lose'
  | 'duplicate'
  | 'disk-lost'
  /** A peer of a node refused it: its disk holds less than the peer remembers. */
  | 'refuse'
  | 'weather'
  /** A crash interrupted a write which reached the disk, or did not. */
  | 'tail-kept'
  | 'tail-lost';

export type TraceKind =
  IncidentKind | Input<Protocol>['kind'] | 'start' | 'send' | 'write' | 'answer' | 'fatal' | 'fault' | 'fault-end';

export interface TraceEvent {
  readonly time: Time;
  readonly node: NodeId;
  readonly kind: TraceKind;
  /** The other node: who sent what is delivered, who is sent to. */
  readonly peer: NodeId | undefined;
  /** The message, command, result or number that the event is about. */
  readonly what: unknown;
}

const WIDEST_LINE = 240;

/** The last events of a run. Rendered only when it is printed: a run that goes well pays for no text. */
export class Trace {
  readonly #limit: number;
  readonly #ring: TraceEvent[] = [];
  #next = 0;
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(event: TraceEvent): void {
    this.#total++;
    if (this.#limit === 0) return;
    this.#ring[this.#next] = event;
    this.#next = (this.#next + 1) % this.#limit;
  }

  /** How many events there were, those that are no longer kept included. */
  get total(): number {
    return this.#total;
  }

  /** Oldest first. */
  get events(): readonly TraceEvent[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
  }

  /** The last `count` lines. */
  tail(count: number): string {
    return this.events.slice(-count).map(render).join('\n');
  }

  toString(): string {
    return this.tail(this.#limit);
  }
}

function render({ time, node, kind, peer, what }: TraceEvent): string {
  const words = [time.toFixed(3).padStart(12), node.padEnd(3), kind.padEnd(9)];
  if (peer !== undefined) words.push(peer.padEnd(3));
  if (what !== undefined) words.push(JSON.stringify(what, plain));
  const line = words.join(' ').trimEnd();
  return line.length > WIDEST_LINE ? `${line.slice(0, WIDEST_LINE)}…` : line;
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value;
}
