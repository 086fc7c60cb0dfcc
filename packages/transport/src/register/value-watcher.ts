import type { ServerWritableStream } from '@grpc/grpc-js';
import { SynodError } from '@synod/kernel';
import { isLaterTag, type ReadResult, type Tag } from '@synod/register';
import type { WatchRequest, WatchResponse } from '../gen/synod/register/v1/register_service.js';
import { fail } from '../host/handlers.js';
import type { Backlog } from '../session/backlog.js';
import { writeRead } from './register-wire.js';

export type WatchCall = ServerWritableStream<WatchRequest, WatchResponse>;

/** Values that wait for one slow reader, at most. */
const maxWaiting = 1_000;
const maxWaitingBytes = 4 * 1024 * 1024;

/** One reader of one register: it sees tags rise. */
export class ValueWatcher {
  readonly #call: WatchCall;
  readonly #backlog: Backlog;
  #hasBegun = false;
  #last: Tag | undefined;
  #waiting = 0;
  #waitingBytes = 0;
  #hasFailed = false;
  #isGone = false;

  constructor(call: WatchCall, backlog: Backlog) {
    this.#call = call;
    this.#backlog = backlog;
  }

  /** It has seen a value. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** It is told no more. Its call lasts until its reader has read what waits. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Sends the value if it is the first, or newer than the last. A reader that is too far behind is ended. */
  offer(value: ReadResult): void {
    if (this.#hasBegun && !isLaterTag(value.tag, this.#last)) return;
    this.#hasBegun = true;
    this.#last = value.tag;
    const bytes = value.value?.length ?? 0;
    const isBehind = this.#waiting >= maxWaiting || this.#waitingBytes + bytes > maxWaitingBytes;
    if (isBehind || !this.#backlog.takes(this.#waitingBytes + bytes)) {
      return this.fail(new SynodError('resource_exhausted', 'too many values wait to be read: watch again'));
    }
    this.#waiting++;
    this.#waitingBytes += bytes;
    this.#backlog.answered(0, bytes);
    this.#call.write(writeRead(value), () => {
      this.#waiting--;
      this.#read(bytes);
    });
  }

  /** Its call has ended. What was not read by then never will be; whether grpc-js says of it that it was varies. */
  gone(): void {
    this.#read(this.#waitingBytes);
    this.#isGone = true;
  }

  fail(error: SynodError): void {
    this.#hasFailed = true;
    fail(this.#call, error);
  }

  end(): void {
    this.#call.end();
  }

  #read(bytes: number): void {
    if (this.#isGone) return;
    this.#waitingBytes -= bytes;
    this.#backlog.read(bytes);
  }
}
