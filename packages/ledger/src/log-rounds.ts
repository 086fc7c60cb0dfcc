/**
 * When a home whose log is long starts a round by itself: a log is held in memory, with the outcome of each of its
 * transfers, and must not grow for ever because nobody is short. Without a majority it grows all the same.
 */
export class LogRounds {
  readonly #limit: number;
  readonly #step: number;
  /** The length at which the next one is due. */
  #mark: number;

  /** `limit`: entries of the log. */
  constructor(limit: number) {
    this.#limit = limit;
    this.#step = Math.ceil(limit / 8);
    this.#mark = limit;
  }

  /** Whether a log of this length wants another round as soon as one has ended with a block. */
  isLong(length: number): boolean {
    return length >= this.#limit;
  }

  /** Whether a round is due for a log of this length: at the limit, and if it grows on, now and then. */
  due(length: number): boolean {
    if (length < this.#mark) {
      if (length < this.#limit) this.#mark = this.#limit;
      return false;
    }
    this.#mark = length + this.#step;
    return true;
  }
}
