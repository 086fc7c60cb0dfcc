/** From here on, what is gone is cut off when it is half of all. */
const fewest = 1024;

/**
 * First in, first out, and each item within reach by its place: eight to twelve bytes an item, where a Map takes thirty
 * to sixty, and one that is emptied from its front is scanned from its front.
 */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #gone = 0;

  get length(): number {
    return this.#items.length - this.#gone;
  }

  /** The item at a place from 0; undefined if there is none. */
  at(place: number): T | undefined {
    return place < 0 ? undefined : this.#items[this.#gone + place];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Takes the first out; undefined if there is none. */
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#gone];
    this.#items[this.#gone++] = undefined;
    if (this.#gone >= fewest && this.#gone * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#gone);
      this.#gone = 0;
    }
    return item;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let place = 0; place < this.length; place++) yield this.at(place)!;
  }
}
