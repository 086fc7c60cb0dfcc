/** Waits after failures: twice as long each time, between half and all of it at random, so that clients spread. */
export class Backoff {
  #failures = 0;

  /** Milliseconds to wait before the next try; 0 before the first. */
  next(): number {
    const limit = Math.min(firstMs * 2 ** (this.#failures - 1), maxMs);
    const wait = this.#failures === 0 ? 0 : limit * (0.5 + Math.random() / 2);
    this.#failures++;
    return wait;
  }

  reset(): void {
    this.#failures = 0;
  }
}

const firstMs = 50;
const maxMs = 1_000;
