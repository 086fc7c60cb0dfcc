import { Metadata, type ServerDuplexStream } from '@grpc/grpc-js';
import { PassingMap, SynodError, type CallObserver } from '@synod/kernel';
import { inPages } from '../codec/pages.js';
import { fail } from '../host/handlers.js';
import { Agenda, type Item } from './agenda.js';
import type { SessionDoor, SessionRequest, SessionResponse } from './session-wire.js';

/** `withdrawn` is missing where the service does not listen to it. */
type Asked<Request> = Pick<SessionRequest<Request>, 'items'> & Partial<SessionRequest<Request>>;

export type SessionCall<Request, Answer> = ServerDuplexStream<Asked<Request>, SessionResponse<Answer>>;

/** Operations of one frame, at most: each takes many times its bytes once it is decoded. */
const maxItems = 10_000;

/** What one session holds, bytes, before it starts no more. One operation may take it beyond. */
const maxHeld = 4 * 1024 * 1024;

/**
 * One client's stream of operations. What ends in one turn of the event loop goes back in one frame. What arrives in one
 * frame begins at once, as far as there is room for it and its answers; the rest waits, and no further frame is read.
 */
export class SessionServer<Request, Answer> {
  readonly #call: SessionCall<Request, Answer>;
  readonly #door: SessionDoor<Request, Answer>;
  readonly #calls: CallObserver | undefined;
  readonly #method: string;
  readonly #agenda: Agenda<Request>;
  #unanswered = 0;
  /** What it has of the backlog: operations under way, and answers that are not read. */
  #held = 0;
  /** Answers that are written and not taken. */
  #unread = 0;
  #results: { number: number; result: Answer }[] = [];
  #resultBytes = 0;
  /** How to stop what can be stopped. */
  readonly #stops = new PassingMap<number, () => void>();
  /** Nothing more is read; the stream ends with the last answer. */
  #closing = false;
  #gone = false;

  constructor(call: SessionCall<Request, Answer>, door: SessionDoor<Request, Answer>, calls: CallObserver | undefined) {
    this.#call = call;
    this.#door = door;
    this.#calls = calls;
    this.#method = call.getPath().slice(1);
    this.#agenda = new Agenda(door);
    readNothingAhead(call);
    // At once: a client that saw it knows that its frames reach a server.
    call.sendMetadata(new Metadata());
    call.on('data', (asked: Asked<Request>) => this.#read(asked));
    call.on('end', () => this.close());
    call.on('cancelled', () => this.#abandon());
    call.on('drain', () => this.#readOn());
  }

  /** Reads nothing more; ends once everything that was read is answered. */
  close(): void {
    this.#closing = true;
    this.#call.pause();
    this.#endWhenDone();
  }

  /** There may be room again. */
  proceed(): void {
    for (let item = this.#agenda.first; item; item = this.#agenda.first) {
      const weight = this.#door.weigh(item.request);
      if (!this.#admits(weight)) return this.#door.backlog.wait(this);
      this.#agenda.removeFirst();
      this.#begin(item, weight);
    }
    this.#readOn();
    this.#endWhenDone();
  }

  #read({ items, withdrawn = [] }: Asked<Request>): void {
    if (items.length > maxItems) {
      this.#call.pause();
      return fail(this.#call, new SynodError('invalid_argument', `items are more than ${maxItems}`));
    }
    for (const item of items) {
      const weight = this.#door.weigh(item.request);
      if (this.#agenda.isEmpty && this.#admits(weight)) this.#begin(item, weight);
      else if (!this.#agenda.add(item)) this.#refuse(item);
    }
    for (const number of withdrawn) {
      if (!this.#agenda.remove(Number(number))) this.#stops.get(Number(number))?.();
    }
    if (this.#agenda.isEmpty) return;
    this.#call.pause();
    this.#door.backlog.wait(this);
  }

  #readOn(): void {
    if (!this.#closing && this.#agenda.isEmpty && !this.#call.writableNeedDrain) this.#call.resume();
  }

  #admits(weight: number): boolean {
    return this.#held < maxHeld && this.#door.backlog.admits(this.#held + weight);
  }

  #begin({ number, request }: Item<Request>, weight: number): void {
    const start = performance.now();
    let open = true;
    this.#unanswered++;
    this.#held += weight;
    this.#door.backlog.begin(weight);
    const stop = this.#door.enter(request, (answer, ok) => {
      open = false;
      this.#unanswered--;
      this.#stops.delete(number);
      this.#calls?.called(this.#method, performance.now() - start, ok);
      this.#answer(number, answer, weight);
    });
    if (stop && open) this.#stops.set(number, stop);
  }

  #refuse({ number, request }: Item<Request>): void {
    this.#door.refuse(request, (answer, ok) => {
      this.#calls?.called(this.#method, 0, ok);
      this.#answer(number, answer, 0);
    });
  }

  /** `held`: what the operation held until now. */
  #answer(number: number, result: Answer | undefined, held: number): void {
    const isTold = result !== undefined && !this.#gone;
    const bytes = isTold ? this.#door.sizeOf(result) : 0;
    this.#held += bytes - held;
    this.#door.backlog.answered(held, bytes);
    if (!isTold) return this.#endWhenDone();
    this.#resultBytes += bytes;
    if (this.#results.length === 0) setImmediate(() => this.#flush());
    this.#results.push({ number, result });
  }

  #flush(): void {
    const results = this.#results;
    const bytes = this.#resultBytes;
    this.#results = [];
    this.#resultBytes = 0;
    if (this.#gone) return this.#door.backlog.read(bytes);
    this.#unread += bytes;
    const pages = [...inPages(results, ({ result }) => this.#door.sizeOf(result))];
    const last = pages.length - 1;
    for (const [i, page] of pages.entries()) {
      const taken = i === last ? () => this.#taken(bytes) : undefined;
      // A client that does not read its answers is not read either, or they would pile up here.
      if (!this.#call.write({ results: page }, taken)) this.#call.pause();
    }
    this.#endWhenDone();
  }

  #taken(bytes: number): void {
    if (this.#gone) return;
    this.#unread -= bytes;
    this.#held -= bytes;
    this.#door.backlog.read(bytes);
  }

  /** The client is gone: nobody waits for what can be stopped, or is not begun. What is under way ends by itself. */
  #abandon(): void {
    this.#gone = true;
    this.#door.backlog.leave(this);
    this.#agenda.clear();
    this.#door.backlog.read(this.#unread);
    for (const stop of [...this.#stops.values()]) stop();
  }

  #endWhenDone(): void {
    const isDone = this.#unanswered === 0 && this.#results.length === 0 && this.#agenda.isEmpty;
    if (this.#closing && isDone) this.#call.end();
  }
}

/** grpc-js decodes 16 messages ahead, 2 MiB each, of a stream that is not read; it offers no option. */
function readNothingAhead(call: object): void {
  (call as { _readableState: { highWaterMark: number } })._readableState.highWaterMark = 0;
}
