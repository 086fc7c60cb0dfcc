import { Metadata, type ServerDuplexStream } from '@grpc/grpc-js';
import type { CallObserver } from '@synod/kernel';
import { inPages } from '../codec/pages.js';
import type { SessionDoor, SessionRequest, SessionResponse } from './session-wire.js';

/** `withdrawn` is missing where the service does not listen to it. */
type Asked<Request> = Pick<SessionRequest<Request>, 'items'> & Partial<SessionRequest<Request>>;

export type SessionCall<Request, Answer> = ServerDuplexStream<Asked<Request>, SessionResponse<Answer>>;

/** One client's stream of operations. What ends in one turn of the event loop goes back in one frame. */
export class SessionServer<Request, Answer> {
  readonly #call: SessionCall<Request, Answer>;
  readonly #door: SessionDoor<Request, Answer>;
  readonly #calls: CallObserver | undefined;
  readonly #method: string;
  #unanswered = 0;
  #results: { number: number; result: Answer }[] = [];
  /** How to stop what can be stopped. */
  readonly #stops = new Map<number, () => void>();
  /** Nothing more is read; the stream ends with the last answer. */
  #closing = false;

  constructor(call: SessionCall<Request, Answer>, door: SessionDoor<Request, Answer>, calls: CallObserver | undefined) {
    this.#call = call;
    this.#door = door;
    this.#calls = calls;
    this.#method = call.getPath().slice(1);
    // At once: a client that saw it knows that its frames reach a server.
    call.sendMetadata(new Metadata());
    call.on('data', ({ items, withdrawn = [] }: Asked<Request>) => {
      for (const { number, request } of items) this.#take(number, request);
      for (const number of withdrawn) this.#stops.get(Number(number))?.();
    });
    call.on('end', () => this.close());
    call.on('cancelled', () => this.#abandon());
    call.on('drain', () => {
      if (!this.#closing) call.resume();
    });
  }

  /** Reads nothing more; ends once everything that was read is answered. */
  close(): void {
    this.#closing = true;
    this.#call.pause();
    this.#endWhenDone();
  }

  #take(number: number, request: Request | undefined): void {
    const start = performance.now();
    let open = true;
    this.#unanswered++;
    const stop = this.#door.enter(request, (answer, ok) => {
      open = false;
      this.#unanswered--;
      this.#stops.delete(number);
      this.#calls?.called(this.#method, performance.now() - start, ok);
      if (answer === undefined) this.#endWhenDone();
      else this.#answer(number, answer);
    });
    if (stop && open) this.#stops.set(number, stop);
  }

  #answer(number: number, result: Answer): void {
    if (this.#results.length === 0) setImmediate(() => this.#flush());
    this.#results.push({ number, result });
  }

  #flush(): void {
    const results = this.#results;
    this.#results = [];
    if (this.#call.cancelled) return;
    for (const page of inPages(results, ({ result }) => this.#door.sizeOf(result))) {
      // A client that does not read its answers is not read either, or they would pile up here.
      if (!this.#call.write({ results: page })) this.#call.pause();
    }
    this.#endWhenDone();
  }

  /** The client is gone: nobody waits for what can be stopped. */
  #abandon(): void {
    for (const stop of [...this.#stops.values()]) stop();
  }

  #endWhenDone(): void {
    if (this.#closing && this.#unanswered === 0 && this.#results.length === 0) this.#call.end();
  }
}
