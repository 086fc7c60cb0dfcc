/** A server that failed is tried last for this long. */
const avoidMs = 3_000;

/** What one client has seen of how a server answers. Times are those of `performance.now()`. */
export class Standing {
  #answeredAt = -Infinity;
  /** 0: nothing speaks against it. */
  #avoidUntil = 0;

  answered(now: number): void {
    this.#answeredAt = now;
    this.#avoidUntil = 0;
  }

  /** It could not be reached, or let somebody wait for too long. */
  failed(now: number): void {
    this.#avoidUntil = now + avoidMs;
  }

  /**
   * Whether it is to be asked before those that failed. One that failed itself is so every few seconds, by one caller
   * alone, until it answers: a silent server costs one caller some time, not every one.
   */
  takeTurn(now: number): boolean {
    if (this.#avoidUntil === 0) return true;
    if (now < this.#avoidUntil) return false;
    this.#avoidUntil = now + avoidMs;
    return true;
  }

  /** How long it has answered nothing at all, milliseconds. */
  quietMs(now: number): number {
    return now - this.#answeredAt;
  }
}
