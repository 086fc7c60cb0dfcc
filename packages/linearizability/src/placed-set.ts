/**
 * The operations that have been placed, by position. They are nearly all up to some position, since most operations
 * overlap few others; so the set is kept as that position and the gaps below it, which makes short texts.
 */
export class PlacedSet {
  /** Nothing from here on is placed. */
  #end = 0;
  /** What is not placed below, in ascending order. */
  readonly #gaps: number[] = [];

  add(operation: number): void {
    if (operation < this.#end) {
      this.#gaps.splice(this.#indexOf(operation), 1);
      return;
    }
    for (let gap = this.#end; gap < operation; gap++) this.#gaps.push(gap);
    this.#end = operation + 1;
  }

  delete(operation: number): void {
    this.#gaps.splice(this.#indexOf(operation), 0, operation);
    while (this.#end > 0 && this.#gaps.at(-1) === this.#end - 1) {
      this.#gaps.pop();
      this.#end--;
    }
  }

  /** Text that is equal exactly for equal sets, and is no prefix of another one. */
  identify(): string {
    return `${this.#end}:${this.#gaps.join()};`;
  }

  /** Where a gap stands, or would stand. Gaps are few, and the latest are asked for most. */
  #indexOf(operation: number): number {
    return this.#gaps.findLastIndex((gap) => gap < operation) + 1;
  }
}
