import type { ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import { SynodError } from '@synod/kernel';
import type { TransferCommand } from '@synod/ledger';
import type { Connection } from '../connection/connection.js';
import { asSynodError, fromServiceError } from '../errors/wire-errors.js';
import {
  LedgerServiceService,
  type SessionItem,
  type SessionRequest,
  type SessionResponse,
  type TransferRequest,
} from '../gen/synod/ledger/v1/ledger_service.js';
import { inPages } from './pages.js';
import { readResult, writeTransferRequest, type TransferResult } from './transfer-wire.js';

/** One stream of transfers to one server. What one turn of the event loop submits travels in one frame. */
export interface LedgerSession {
  /**
   * `done` is called once: with the outcome, or with a `SynodError`; when the session ends before the answer, with the
   * error that ended it, definite only if the transfer was never sent. At once if it makes no sense.
   */
  submit(command: TransferCommand, done: (result: TransferResult) => void): Submission;
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
  /** The session is over; called once, before the transfers that it leaves unanswered are told. */
  readonly onEnd?: () => void;
}

type SessionCall = ClientDuplexStream<SessionRequest, SessionResponse>;

/** A session over gRPC. Nothing is written before the server took the stream, so that what was not written is known. */
export class SessionStream implements LedgerSession {
  readonly #options: SessionOptions;
  readonly #connection: Connection;
  #call: SessionCall | undefined;
  #unsent: PendingItem[] = [];
  readonly #sent = new Map<number, PendingItem>();
  #lastNumber = 0;
  #open = false;
  #flushing = false;
  /** Why nothing more is taken. */
  #refusal: SynodError | undefined;
  #ended = false;

  constructor(connection: Connection, options: SessionOptions) {
    this.#connection = connection;
    this.#options = options;
    setTimeout(() => this.#start(), options.delayMs ?? 0);
  }

  submit(command: TransferCommand, done: (result: TransferResult) => void): Submission {
    const item = new PendingItem(done);
    const problem = this.#refusal ?? item.write(command);
    if (problem) item.finish(problem);
    else this.#unsent.push(item);
    this.#flushSoon();
    return item;
  }

  close(): void {
    this.#refusal ??= new SynodError('unavailable', 'the session is closed');
    this.#flushSoon();
  }

  #start(): void {
    this.#connection.duplex(LedgerServiceService.session).then(
      (call) => this.#listen(call),
      (error: unknown) => this.#finish(asSynodError(error)),
    );
  }

  #listen(call: SessionCall): void {
    this.#call = call;
    call.on('metadata', () => {
      this.#open = true;
      this.#options.onOpen?.();
      this.#flush();
    });
    call.on('data', ({ results }: SessionResponse) => {
      for (const { number, result } of results) {
        this.#sent.get(number)?.finish(readResult(result));
        this.#sent.delete(number);
      }
      this.#flushSoon();
    });
    call.on('error', (error: ServiceError) => {
      this.#finish(fromServiceError(error, { readOnly: false, cancelled: this.#connection.closed }));
    });
    call.on('end', () => this.#finish(new SynodError('unavailable', 'the server ended the session')));
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    if (!this.#open || !this.#call || this.#ended) return;
    const items: SessionItem[] = [];
    for (const item of this.#unsent) {
      const request = item.send();
      if (!request) continue;
      const number = ++this.#lastNumber;
      this.#sent.set(number, item);
      items.push({ number, request });
    }
    this.#unsent = [];
    for (const page of inPages(items, itemSize)) this.#call.write({ items: page });
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

/** One transfer on its way through a session. */
class PendingItem implements Submission {
  #done: ((result: TransferResult) => void) | undefined;
  #request: TransferRequest | undefined;
  #sent = false;

  constructor(done: (result: TransferResult) => void) {
    this.#done = done;
  }

  /** Answers what is wrong with the command, if anything. */
  write(command: TransferCommand): SynodError | undefined {
    try {
      this.#request = writeTransferRequest(command);
      return undefined;
    } catch (error) {
      return asSynodError(error);
    }
  }

  /** What to write; nothing if it was withdrawn. */
  send(): TransferRequest | undefined {
    if (!this.#done) return undefined;
    this.#sent = true;
    return this.#request;
  }

  finish(result: TransferResult): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(result);
  }

  withdraw(): boolean {
    this.#done = undefined;
    return !this.#sent;
  }
}

function itemSize({ request }: SessionItem): number {
  const { transfer, gatherFrom } = request!;
  const names = [transfer!.id, transfer!.from, transfer!.to, ...gatherFrom];
  return names.reduce((size, name) => size + name.length, 48);
}
