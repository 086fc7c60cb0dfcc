/** A server that failed is looked after this often, as long as somebody would use it. */
const probeMs = 1_000;

/** What one client has seen of how a server answers. Times are those of `performance.now()`. */
export class Standing {
  #answeredAt = -Infinity;
  /** When to look after it; 0: nothing speaks against it. */
  #probeAt = 0;

  answered(now: number): void {
    this.#answeredAt = now;
    this.#probeAt = 0;
  }

  /** It could not be reached, or let somebody wait for too long. */
  failed(now: number): void {
    this.#probeAt = now + probeMs;
  }

  /** Nothing speaks against it since its last answer. */
  get isGood(): boolean {
    return this.#probeAt === 0;
  }

  /** Whether it is time to look after it: then nobody else need do so for a while. */
  takeProbe(now: number): boolean {
    if (this.#probeAt === 0 || now < this.#probeAt) return false;
    this.#probeAt = now + probeMs;
    return true;
  }

  /** How long it has answered nothing at all, milliseconds. */
  quietMs(now: number): number {
    return now - this.#answeredAt;
  }
}
