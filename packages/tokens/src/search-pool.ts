import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { SynodError } from '@synod/kernel';
import { Tinypool } from 'tinypool';
import { argMin, lesser, type Hashed } from './arg-min.js';
import { cancelled, type SearchOptions } from './cancelled.js';
import type { SearchTask } from './search-worker.js';

export interface SearchPoolOptions {
  /** How many threads search; by default as many as can run at once. */
  readonly threads?: number;
  /** The longest range that is searched; 10,000,000 numbers by default, some seconds. The same on all nodes. */
  readonly maxRange?: bigint;
}

const defaultMaxRange = 10_000_000n;

/** Up to here the event loop computes by itself: some 100 microseconds, about what handing it over costs. */
const inlineRange = 300n;

/** What a thread takes at once: tens of milliseconds, so that searches at the same time share the threads. */
const partRange = 100_000n;

/** The compiled worker, also when the sources run by themselves: threads load plain JavaScript. */
const workerFile = createRequire(import.meta.url).resolve('@synod/tokens/search-worker');

/** Searches ranges for the least hash, in parallel parts, off the event loop. */
export class SearchPool {
  readonly maxRange: bigint;
  readonly #threads: number;
  readonly #pool: Tinypool;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor({ threads = availableParallelism(), maxRange = defaultMaxRange }: SearchPoolOptions = {}) {
    this.maxRange = maxRange;
    this.#threads = threads;
    this.#pool = new Tinypool({ filename: workerFile, minThreads: 0, maxThreads: threads, idleTimeout: 10_000 });
  }

  /**
   * The x in [low, high) with the least H(name, x), and the hash; of several the least x; undefined if the range is
   * empty. Fails with `invalid_argument` beyond `maxRange`, and with `cancelled` when the signal is aborted or the pool
   * closed.
   */
  async argMin(name: string, low: bigint, high: bigint, { signal }: SearchOptions = {}): Promise<Hashed | undefined> {
    this.checkRange(low, high);
    const closing = this.#closing.signal;
    if (signal?.aborted || closing.aborted) throw cancelled();
    if (high - low <= inlineRange) return argMin(name, low, high);
    const stop = signal ? AbortSignal.any([signal, closing]) : closing;
    const search = this.#inParts({ name, low, high }, stop);
    this.#running.add(search);
    try {
      return await search;
    } catch (error) {
      throw stop.aborted ? cancelled() : error;
    } finally {
      this.#running.delete(search);
    }
  }

  /** Throws `invalid_argument` if [low, high) is longer than `maxRange`. */
  checkRange(low: bigint, high: bigint): void {
    if (high - low <= this.maxRange) return;
    throw new SynodError(
      'invalid_argument',
      `domain: [${low}, ${high}) has ${high - low} numbers: the range bound is ${this.maxRange}`,
    );
  }

  /** Cancels what runs and ends the threads. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
    await this.#pool.destroy();
  }

  /** As many lanes as there are threads, each taking the next part when it has done one: memory stays bounded. */
  async #inParts({ name, low, high }: SearchTask, signal: AbortSignal): Promise<Hashed | undefined> {
    let next = low;
    let best: Hashed | undefined;
    const lane = async () => {
      while (next < high && !signal.aborted) {
        const part: SearchTask = { name, low: next, high: least(next + partRange, high) };
        next = part.high;
        const found = (await this.#pool.run(part, { signal })) as Hashed;
        best = lesser(best, found);
      }
    };
    await Promise.all(Array.from({ length: this.#threads }, lane));
    if (signal.aborted) throw cancelled();
    return best;
  }
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
