import { Metadata, type ServerDuplexStream } from '@grpc/grpc-js';
import type { CallObserver } from '@synod/kernel';
import { SynodError } from '@synod/kernel';
import type {
  SessionItem,
  SessionRequest,
  SessionResponse,
  SessionResult,
} from '../gen/synod/ledger/v1/ledger_service.js';
import { inPages } from './pages.js';
import type { TransferDoor } from './transfer-door.js';
import { writeResult, type TransferResult } from './transfer-wire.js';

export type SessionCall = ServerDuplexStream<SessionRequest, SessionResponse>;

/** One client's stream of transfers. What one turn of the event loop decides goes back in one frame. */
export class SessionServer {
  readonly #call: SessionCall;
  readonly #door: TransferDoor;
  readonly #calls: CallObserver | undefined;
  readonly #method: string;
  #unanswered = 0;
  #results: SessionResult[] = [];
  /** Nothing more is read; the stream ends with the last answer. */
  #closing = false;

  constructor(call: SessionCall, door: TransferDoor, calls: CallObserver | undefined) {
    this.#call = call;
    this.#door = door;
    this.#calls = calls;
    this.#method = call.getPath().slice(1);
    // At once: a client that saw it knows that its frames reach a server.
    call.sendMetadata(new Metadata());
    call.on('data', ({ items }: SessionRequest) => {
      for (const item of items) this.#take(item);
    });
    call.on('end', () => this.close());
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

  #take({ number, request }: SessionItem): void {
    const start = performance.now();
    this.#unanswered++;
    this.#door.enter(request, (result) => {
      this.#unanswered--;
      this.#calls?.called(this.#method, performance.now() - start, !(result instanceof SynodError));
      this.#answer(number, result);
    });
  }

  #answer(number: number, result: TransferResult): void {
    if (this.#results.length === 0) setImmediate(() => this.#flush());
    this.#results.push({ number, result: writeResult(result) });
  }

  #flush(): void {
    const results = this.#results;
    this.#results = [];
    if (this.#call.cancelled) return;
    for (const page of inPages(results, resultSize)) {
      // A client that does not read its answers is not read either, or they would pile up here.
      if (!this.#call.write({ results: page })) this.#call.pause();
    }
    this.#endWhenDone();
  }

  #endWhenDone(): void {
    if (this.#closing && this.#unanswered === 0 && this.#results.length === 0) this.#call.end();
  }
}

function resultSize({ result }: SessionResult): number {
  const decided = result?.result;
  if (decided?.$case === 'outcome') return 48 + decided.value.id.length + decided.value.reason.length;
  return 48 + (decided?.value.message.length ?? 0);
}
