import { invariant, type RequestTiming } from '@synod/kernel';

/** The last decided requests, as many as it was made for. Adding one allocates nothing. */
export class RecentRequests {
  readonly #ids: string[];
  readonly #statuses: string[];
  readonly #ms: Float64Array;
  #added = 0;

  constructor(capacity: number) {
    invariant(Number.isInteger(capacity) && capacity > 0, 'a whole number of requests is kept');
    this.#ids = new Array<string>(capacity).fill('');
    this.#statuses = new Array<string>(capacity).fill('');
    this.#ms = new Float64Array(capacity);
  }

  add(id: string, status: string, ms: number): void {
    const at = this.#added++ % this.#ids.length;
    this.#ids[at] = id;
    this.#statuses[at] = status;
    this.#ms[at] = ms;
  }

  /** The last `count`, or all there are; oldest first. */
  last(count: number): RequestTiming[] {
    const capacity = this.#ids.length;
    const length = Math.min(count, this.#added, capacity);
    return Array.from({ length }, (_, i) => {
      const at = (this.#added - length + i) % capacity;
      return { id: this.#ids[at]!, status: this.#statuses[at]!, ms: this.#ms[at]! };
    });
  }
}
