import { SynodError } from '@synod/kernel';
import type { ReadResult } from '@synod/register';
import type { Muting } from '../silence/topic.js';
import { resultOr } from './ask.js';
import type { RegisterBackend } from './register-backend.js';
import type { ValueWatcher } from './value-watcher.js';

/** A message to this node may be lost: without a hint, a watched register is read this often. */
const pollMs = 1_000;

/**
 * Keeps the readers of one register current. What they see has been *read*, so that a majority holds it and no later
 * read goes back behind it; this node's own replica only gives the hint when to read. One read runs at a time.
 */
export class ValueWatch {
  readonly #backend: RegisterBackend;
  readonly #silence: Muting;
  readonly #key: string;
  readonly #watchers = new Set<ValueWatcher>();
  readonly #forget: () => void;
  readonly #poll: NodeJS.Timeout;
  #reading = false;
  #readAgain = false;

  constructor(backend: RegisterBackend, silence: Muting, key: string) {
    this.#backend = backend;
    this.#silence = silence;
    this.#key = key;
    this.#forget = backend.onAdopted(key, () => this.#read());
    this.#poll = setInterval(() => this.#read(), pollMs);
  }

  add(watcher: ValueWatcher): void {
    this.#watchers.add(watcher);
    // What was read for others may be older than what has been read elsewhere since.
    this.#read();
  }

  /** Returns whether nobody is left. */
  remove(watcher: ValueWatcher): boolean {
    this.#watchers.delete(watcher);
    return this.#watchers.size === 0;
  }

  close(): void {
    clearInterval(this.#poll);
    this.#forget();
    for (const watcher of this.#watchers) watcher.end();
    this.#watchers.clear();
  }

  #read(): void {
    this.#readAgain = this.#reading;
    if (this.#reading) return;
    this.#reading = true;
    // Who comes while the read runs waits for the next one.
    const asking = [...this.#watchers];
    this.#backend.invoke({ type: 'read', key: this.#key }, (result) => {
      this.#reading = false;
      const found = resultOr(result, 'value');
      const still = asking.filter((watcher) => this.#watchers.has(watcher));
      if (found instanceof SynodError) this.#failed(found, still);
      else this.#found(found, still);
      if (this.#readAgain && this.#watchers.size > 0) this.#read();
    });
  }

  #found(value: ReadResult, asking: readonly ValueWatcher[]): void {
    if (!this.#silence.isEmpty && this.#silence.mutes({ keys: [this.#key], phase: 'read' })) return;
    for (const watcher of asking) watcher.offer(value);
  }

  /** Who watches already waits for better times, unless the server goes away; who has seen nothing yet is told. */
  #failed(error: SynodError, asking: readonly ValueWatcher[]): void {
    for (const watcher of asking) {
      if (watcher.hasBegun && error.code !== 'unavailable') continue;
      this.#watchers.delete(watcher);
      watcher.fail(error);
    }
  }
}
