import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ServerEvent } from '@synod/kernel';
import type { WatchEventsRequest, WatchEventsResponse } from '../gen/synod/node/v1/node_service.js';
import { writeEvent } from './figures-wire.js';
import type { NodeBackend } from './node-backend.js';

export type EventsCall = ServerWritableStream<WatchEventsRequest, WatchEventsResponse>;

/** Events that wait for one slow reader, at most. */
const maxWaiting = 1_000;

/** Sends events to every reader, each at its own pace. */
export class EventFeed {
  readonly #backend: NodeBackend;
  readonly #open = new Set<EventsCall>();

  constructor(backend: NodeBackend) {
    this.#backend = backend;
  }

  add(call: EventsCall): void {
    const reader = new EventReader(call);
    for (const event of this.#backend.events(call.request.last)) reader.offer(event);
    const unsubscribe = this.#backend.onEvent((event) => reader.offer(event));
    this.#open.add(call);
    call.on('cancelled', () => {
      unsubscribe();
      this.#open.delete(call);
    });
  }

  close(): void {
    for (const call of this.#open) call.end();
  }
}

/** One reader. What one turn of the event loop brings goes out in one message, once the one before it was taken. */
class EventReader {
  readonly #call: EventsCall;
  #waiting: ServerEvent[] = [];
  #missed = 0;
  #writing = false;

  constructor(call: EventsCall) {
    this.#call = call;
  }

  offer(event: ServerEvent): void {
    if (this.#waiting.length === maxWaiting) {
      this.#waiting.shift();
      this.#missed++;
    }
    this.#waiting.push(event);
    if (this.#writing) return;
    this.#writing = true;
    setImmediate(() => this.#write());
  }

  #write(): void {
    this.#writing = this.#waiting.length > 0 && !this.#call.cancelled && !this.#call.writableEnded;
    if (!this.#writing) return;
    const response = { missed: this.#missed, events: this.#waiting.map(writeEvent) };
    this.#waiting = [];
    this.#missed = 0;
    this.#call.write(response, () => this.#write());
  }
}
