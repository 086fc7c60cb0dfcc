import type { KeyRange, Storage, StorageWrite } from '../ports.js';
import type { Opening } from '../standing.js';

/** Storage in memory: for embedding without a disk, and for tests. As durable as the process. */
export class MemoryStorage implements Storage {
  readonly opening: Opening = {
    disk: crypto.randomUUID(),
    incarnation: crypto.getRandomValues(new BigUint64Array(1))[0]!,
    recovered: 0,
  };
  readonly #values = new Map<string, Uint8Array>();
  #lastNumber = 0;
  #pending = 0;
  #drained: (() => void) | undefined;

  get lastNumber(): number {
    return this.#lastNumber;
  }

  write(batch: readonly StorageWrite[], done: (error?: Error) => void): void {
    for (const { key, value } of batch) {
      if (value === undefined) this.#values.delete(key);
      else this.#values.set(key, new Uint8Array(value)); // or it would keep all that its group shares
    }
    this.#pending++;
    queueMicrotask(() => {
      this.#pending--;
      if (batch.length > 0) this.#lastNumber++;
      done();
      if (this.#pending === 0) this.#drained?.();
    });
  }

  get(key: string): Uint8Array | undefined {
    const value = this.#values.get(key);
    return value && new Uint8Array(value);
  }

  scan(range: KeyRange): AsyncIterable<readonly [string, Uint8Array]> {
    // The moment is that of the call: a generator would look only when it is first asked.
    const keys = [...this.#values.keys()].filter((key) => key >= range.from && key < range.to).sort();
    return present(keys.map((key) => [key, this.get(key)!] as const));
  }

  async close(): Promise<void> {
    if (this.#pending > 0) await new Promise<void>((resolve) => (this.#drained = resolve));
  }
}

async function* present<T>(entries: readonly T[]): AsyncGenerator<T> {
  yield* entries;
}
