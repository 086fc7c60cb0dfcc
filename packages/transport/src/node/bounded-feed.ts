import type { ServerWritableStream } from '@grpc/grpc-js';

/** Items that wait for one slow reader, at most. */
const maxWaiting = 1_000;

type FeedCall<Response> = ServerWritableStream<unknown, Response>;

/** Sends what happens to every reader, each at its own pace; one that is too slow loses the oldest. */
export class BoundedFeed<Item, Response> {
  readonly #watch: (listener: (item: Item) => void) => () => void;
  readonly #write: (items: readonly Item[], missed: number) => Response;
  readonly #open = new Set<FeedCall<Response>>();

  /** `watch`: what happens, until the returned function is called. `write`: what a reader gets at once. */
  constructor(
    watch: (listener: (item: Item) => void) => () => void,
    write: (items: readonly Item[], missed: number) => Response,
  ) {
    this.#watch = watch;
    this.#write = write;
  }

  /** `first`: what happened before, for this reader. */
  add(call: FeedCall<Response>, first: readonly Item[] = []): void {
    const reader = new FeedReader(call, this.#write);
    for (const item of first) reader.offer(item);
    const unsubscribe = this.#watch((item) => reader.offer(item));
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
class FeedReader<Item, Response> {
  readonly #call: FeedCall<Response>;
  readonly #response: (items: readonly Item[], missed: number) => Response;
  #waiting: Item[] = [];
  #missed = 0;
  #writing = false;

  constructor(call: FeedCall<Response>, response: (items: readonly Item[], missed: number) => Response) {
    this.#call = call;
    this.#response = response;
  }

  offer(item: Item): void {
    if (this.#waiting.length === maxWaiting) {
      this.#waiting.shift();
      this.#missed++;
    }
    this.#waiting.push(item);
    if (this.#writing) return;
    this.#writing = true;
    setImmediate(() => this.#write());
  }

  #write(): void {
    this.#writing = this.#waiting.length > 0 && !this.#call.cancelled && !this.#call.writableEnded;
    if (!this.#writing) return;
    const response = this.#response(this.#waiting, this.#missed);
    this.#waiting = [];
    this.#missed = 0;
    this.#call.write(response, () => this.#write());
  }
}
