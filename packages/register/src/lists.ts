import type { Limits } from './options.js';

/** What several messages of one kind say to the same nodes, in lists that are as long as one message may be. */
export class Lists<I> {
  readonly all: I[][] = [];
  readonly #limits: Limits;
  #last: I[] = [];
  #bytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** `bytes`: of the item's value. A list has at least one item, whatever its size. */
  add(item: I, bytes: number): void {
    const { pageCells, pageBytes } = this.#limits;
    this.#bytes += bytes;
    if (this.#last.length > 0 && this.#last.length < pageCells && this.#bytes <= pageBytes) {
      this.#last.push(item);
    } else {
      this.all.push((this.#last = [item]));
      this.#bytes = bytes;
    }
  }
}
