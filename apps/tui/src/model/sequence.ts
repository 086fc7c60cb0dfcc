import { invariant } from '@synod/kernel';

/** Items that share one chunk: what a change copies at most. */
const chunkSize = 128;

/**
 * A list that never changes: every change makes a new one that shares all but one chunk with it, so that a model of ten
 * thousand blocks can be replaced as a whole at each of them. Indices count from 0.
 */
export class Sequence<T> {
  /** All chunks but the last are full. */
  readonly #chunks: readonly (readonly T[])[];
  readonly length: number;
  /** How many items were left out before the first: index and this together name an item for good. */
  readonly dropped: number;

  private constructor(chunks: readonly (readonly T[])[], length: number, dropped: number) {
    this.#chunks = chunks;
    this.length = length;
    this.dropped = dropped;
  }

  static empty<T>(): Sequence<T> {
    return new Sequence<T>([], 0, 0);
  }

  static of<T>(items: Iterable<T>): Sequence<T> {
    const all = [...items];
    const chunks: T[][] = [];
    for (let from = 0; from < all.length; from += chunkSize) chunks.push(all.slice(from, from + chunkSize));
    return new Sequence(chunks, all.length, 0);
  }

  /** Undefined outside of the list. */
  at(index: number): T | undefined {
    if (index < 0) return undefined;
    return this.#chunks[Math.floor(index / chunkSize)]?.[index % chunkSize];
  }

  get last(): T | undefined {
    return this.at(this.length - 1);
  }

  append(item: T): Sequence<T> {
    const last = this.#chunks.at(-1);
    if (!last || last.length === chunkSize) return this.#grown([...this.#chunks, [item]]);
    return this.#grown([...this.#chunks.slice(0, -1), [...last, item]]);
  }

  /** With another item at an index that exists. */
  with(index: number, item: T): Sequence<T> {
    invariant(index >= 0 && index < this.length, 'an item is replaced where there is one');
    const at = Math.floor(index / chunkSize);
    return new Sequence(
      this.#chunks.with(at, this.#chunks[at]!.with(index % chunkSize, item)),
      this.length,
      this.dropped,
    );
  }

  /** With the item before `index`. Meant for places near the end: what follows is copied. */
  insert(index: number, item: T): Sequence<T> {
    if (index >= this.length) return this.append(item);
    const at = Math.floor(index / chunkSize);
    const rest = this.#chunks.slice(at).flat();
    rest.splice(index % chunkSize, 0, item);
    return this.#grown([...this.#chunks.slice(0, at), ...Sequence.of(rest).#chunks]);
  }

  /** Without the oldest items, while there are more than `most`; a whole chunk at a time. */
  keepNewest(most: number): Sequence<T> {
    if (this.length < most + chunkSize) return this;
    const chunks = Math.floor((this.length - most) / chunkSize);
    const surplus = chunks * chunkSize;
    return new Sequence(this.#chunks.slice(chunks), this.length - surplus, this.dropped + surplus);
  }

  /** The items from `from` up to, not including, `to`. */
  slice(from: number, to: number = this.length): T[] {
    const items: T[] = [];
    for (let i = Math.max(0, from); i < Math.min(to, this.length); i++) items.push(this.at(i)!);
    return items;
  }

  #grown(chunks: readonly (readonly T[])[]): Sequence<T> {
    return new Sequence(chunks, this.length + 1, this.dropped);
  }

  *[Symbol.iterator](): Generator<T> {
    for (const chunk of this.#chunks) yield* chunk;
  }
}
