import type { ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import { PassingMap, SynodError } from '@synod/kernel';
import { inPages } from '../codec/pages.js';
import type { Connection } from '../connection/connection.js';
import { asSynodError, fromServiceError } from '../errors/wire-errors.js';
import type { SessionRequest, SessionResponse, SessionWire } from './session-wire.js';

/** One stream of operations to one server. What one turn of the event loop submits travels in one frame. */
export interface Session<Command, Result> {
  /**
   * `done` is called once: with the result, or with a `SynodError`; when the session ends before the answer, with the
   * error that ended it, definite only if the command was never sent. At once if it makes no sense.
   */
  submit(command: Command, done: (result: Result | SynodError) => void): Submission;
  /** Sends what was submitted, waits for the answers that are due, then ends. */
  close(): void;
}

export interface Submission {
  /** Gives up: `done` is not called any more. Answers whether it was never sent, and so never will be. */
  withdraw(): boolean;
}

export interface SessionOptions {
  /** How long to wait before connecting, milliseconds. What is submitted meanwhile waits too. Default 0. */
  readonly delayMs?: number;
  /** The server took the stream. */
  readonly onOpen?: () => void;
  /** The session is over; called once, before the operations that it leaves unanswered are told. */
  readonly onEnd?: () => void;
}

/** A session over gRPC. Nothing is written before the server took the stream, so that what was not written is known. */
export class SessionStream<Command, Result, Request, Answer> implements Session<Command, Result> {
  readonly #connection: Connection;
  readonly #wire: SessionWire<Command, Result, Request, Answer>;
  readonly #options: SessionOptions;
  #call: ClientDuplexStream<SessionRequest<Request>, SessionResponse<Answer>> | undefined;
  #unsent: PendingItem<Result, Request>[] = [];
  #withdrawn: bigint[] = [];
  readonly #sent = new PassingMap<number, PendingItem<Result, Request>>();
  readonly #withdrawItem = (number: number): void => this.#withdraw(number);
  #lastNumber = 0;
  #open = false;
  #flushing = false;
  /** Why nothing more is taken. */
  #refusal: SynodError | undefined;
  #ended = false;

  constructor(connection: Connection, wire: SessionWire<Command, Result, Request, Answer>, options: SessionOptions) {
    this.#connection = connection;
    this.#wire = wire;
    this.#options = options;
    setTimeout(() => this.#start(), options.delayMs ?? 0);
  }

  submit(command: Command, done: (result: Result | SynodError) => void): Submission {
    const item = new PendingItem<Result, Request>(done, this.#withdrawItem);
    const request = this.#refusal ?? this.#write(command);
    if (request instanceof SynodError) {
      item.finish(request);
    } else {
      item.request = request;
      this.#unsent.push(item);
      this.#flushSoon();
    }
    return item;
  }

  close(): void {
    this.#refusal ??= new SynodError('unavailable', 'the session is closed');
    this.#flushSoon();
  }

  #start(): void {
    this.#connection.duplex(this.#wire.method).then(
      (call) => this.#listen(call),
      (error: unknown) => this.#finish(asSynodError(error)),
    );
  }

  #listen(call: ClientDuplexStream<SessionRequest<Request>, SessionResponse<Answer>>): void {
    this.#call = call;
    call.on('metadata', () => {
      this.#open = true;
      this.#options.onOpen?.();
      this.#flush();
    });
    call.on('data', ({ results }: SessionResponse<Answer>) => {
      for (const { number, result } of results) {
        this.#sent.get(number)?.finish(this.#wire.read(result));
        this.#sent.delete(number);
      }
      if (this.#refusal) this.#flushSoon();
    });
    call.on('error', (error: ServiceError) => {
      this.#finish(fromServiceError(error, { readOnly: false, cancelled: this.#connection.closed }));
    });
    call.on('end', () => this.#finish(new SynodError('unavailable', 'the server ended the session')));
  }

  #write(command: Command): Request | SynodError {
    try {
      return this.#wire.write(command);
    } catch (error) {
      return asSynodError(error);
    }
  }

  /** A silent server never answers it, so that it would be remembered for ever. */
  #withdraw(number: number): void {
    this.#sent.delete(number);
    this.#withdrawn.push(BigInt(number));
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    if (!this.#open || !this.#call || this.#ended) return;
    const items: { number: number; request: Request }[] = [];
    for (const item of this.#unsent) {
      const number = this.#lastNumber + 1;
      if (!item.send(number)) continue;
      this.#lastNumber = number;
      this.#sent.set(number, item);
      items.push({ number, request: item.request! });
    }
    this.#unsent = [];
    for (const page of inPages(items, ({ request }) => this.#wire.sizeOf(request))) {
      this.#call.write({ items: page, withdrawn: [] });
    }
    if (this.#withdrawn.length > 0 && this.#wire.stops) this.#call.write({ items: [], withdrawn: this.#withdrawn });
    this.#withdrawn = [];
    if (this.#refusal && this.#sent.size === 0) this.#call.end();
  }

  #finish(error: SynodError): void {
    if (this.#ended) return;
    this.#ended = true;
    const { code, message } = error;
    const neverSent = new SynodError(code, message, { definite: true, cause: error });
    this.#refusal = neverSent;
    this.#options.onEnd?.();
    const unknown = new SynodError(code, message, { definite: false, cause: error });
    for (const item of this.#sent.values()) item.finish(unknown);
    for (const item of this.#unsent) item.finish(neverSent);
    this.#sent.clear();
    this.#unsent = [];
  }
}

/** One operation on its way through a session. */
class PendingItem<Result, Request> implements Submission {
  request: Request | undefined;
  #done: ((result: Result | SynodError) => void) | undefined;
  readonly #withdraw: (number: number) => void;
  /** 0: not sent. */
  #number = 0;

  constructor(done: (result: Result | SynodError) => void, withdraw: (number: number) => void) {
    this.#done = done;
    this.#withdraw = withdraw;
  }

  /** Whether it is to be sent: it was not withdrawn. */
  send(number: number): boolean {
    if (!this.#done) return false;
    this.#number = number;
    return true;
  }

  finish(result: Result | SynodError): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(result);
  }

  withdraw(): boolean {
    if (this.#done && this.#number > 0) this.#withdraw(this.#number);
    this.#done = undefined;
    return this.#number === 0;
  }
}
