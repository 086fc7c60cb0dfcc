import type { ServerWritableStream } from '@grpc/grpc-js';
import { SynodError } from '@synod/kernel';
import { isLaterTag, type ReadResult, type Tag } from '@synod/register';
import type { WatchRequest, WatchResponse } from '../gen/synod/register/v1/register_service.js';
import { fail } from '../host/handlers.js';
import { writeRead } from './register-wire.js';

export type WatchCall = ServerWritableStream<WatchRequest, WatchResponse>;

/** Values that wait for one slow reader, at most. */
const maxWaiting = 1_000;
const maxWaitingBytes = 4 * 1024 * 1024;

/** One reader of one register: it sees tags rise. */
export class ValueWatcher {
  readonly #call: WatchCall;
  #hasBegun = false;
  #last: Tag | undefined;
  #waiting = 0;
  #waitingBytes = 0;
  #hasFailed = false;

  constructor(call: WatchCall) {
    this.#call = call;
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
    if (this.#waiting >= maxWaiting || this.#waitingBytes + bytes > maxWaitingBytes) {
      return this.fail(new SynodError('resource_exhausted', 'too many values wait to be read: watch again'));
    }
    this.#waiting++;
    this.#waitingBytes += bytes;
    this.#call.write(writeRead(value), () => {
      this.#waiting--;
      this.#waitingBytes -= bytes;
    });
  }

  fail(error: SynodError): void {
    this.#hasFailed = true;
    fail(this.#call, error);
  }

  end(): void {
    this.#call.end();
  }
}
