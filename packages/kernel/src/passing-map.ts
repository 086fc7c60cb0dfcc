/** So many entries may have come before what is left of them moves on. */
const fewest = 512;

/**
 * A map whose entries come and go: what waits for an answer, what is under way. A `Map` of V8 that is full moves to another
 * table, and the former one keeps pointing at it, with all that it held then. Once such a table is old, everything that
 * it leads to is taken for alive, table after table, until the whole heap is marked: of short requests a third outlived
 * the young generation so. This one begins a new `Map` before, to which nothing points.
 */
export class PassingMap<K, V> {
  #map = new Map<K, V>();
  #came = 0;

  get size(): number {
    return this.#map.size;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  /** A key that is here already keeps its place in the order. */
  set(key: K, value: V): void {
    if (++this.#came > fewest + 2 * this.#map.size) {
      this.#map = new Map(this.#map);
      this.#came = this.#map.size;
    }
    this.#map.set(key, value);
  }

  has(key: K): boolean {
    return this.#map.has(key);
  }

  delete(key: K): boolean {
    return this.#map.delete(key);
  }

  clear(): void {
    this.#map = new Map();
    this.#came = 0;
  }

  keys(): IterableIterator<K> {
    return this.#map.keys();
  }

  /** In order of arrival. */
  values(): IterableIterator<V> {
    return this.#map.values();
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.#map[Symbol.iterator]();
  }
}
