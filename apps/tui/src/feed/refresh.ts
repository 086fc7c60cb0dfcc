/** After a request rests follow, so that what changes all the time costs little: its own time, so many times. */
const restFactor = 10;
const minRestMs = 250;
const maxRestMs = 5_000;

/** Fetches something again after it has changed: one request at a time, with rests between, and none without a change. */
export class Refresh {
  readonly #fetch: () => Promise<void>;
  #isBusy = false;
  #isDue = false;
  #isClosed = false;
  #rest: NodeJS.Timeout | undefined;

  /** `fetch` does not reject but for what is a mistake in this program. */
  constructor(fetch: () => Promise<void>) {
    this.#fetch = fetch;
  }

  changed(): void {
    this.#isDue = true;
    if (!this.#isBusy) void this.#run();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#rest);
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    this.#isDue = false;
    const began = performance.now();
    await this.#fetch();
    if (this.#isClosed) return;
    const restMs = Math.min(maxRestMs, Math.max(minRestMs, restFactor * (performance.now() - began)));
    this.#rest = setTimeout(() => {
      this.#isBusy = false;
      if (this.#isDue) void this.#run();
    }, restMs);
  }
}
