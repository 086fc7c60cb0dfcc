import { SynodError } from '@synod/kernel';
import type { ReadResult } from '@synod/register';
import { asSynodError } from '../errors/wire-errors.js';
import { resultOr } from '../node/ask.js';
import type { Backlog, Waiting } from '../session/backlog.js';
import type { Muting } from '../silence/topic.js';
import type { RegisterBackend } from './register-backend.js';
import type { ValueWatcher } from './value-watcher.js';

export interface ValueWatchOptions {
  /** What the server keeps to itself. */
  readonly silence: Muting;
  /** What all operations of the server hold: values that wait for their readers too. */
  readonly backlog: Backlog;
  /** A message to this node may be lost: without a hint, a watched register is read this often. Milliseconds. */
  readonly pollMs: number;
}

/**
 * Keeps the readers of one register current. What they see has been *read*, so that a majority holds it and no later
 * read goes back behind it; this node's own replica only gives the hint when to read. One read runs at a time.
 */
export class ValueWatch implements Waiting {
  readonly #backend: RegisterBackend;
  readonly #silence: Muting;
  readonly #backlog: Backlog;
  readonly #key: string;
  readonly #watchers = new Set<ValueWatcher>();
  readonly #forget: () => void;
  readonly #poll: NodeJS.Timeout;
  #reading = false;
  #readAgain = false;

  constructor(backend: RegisterBackend, key: string, { silence, backlog, pollMs }: ValueWatchOptions) {
    this.#backend = backend;
    this.#silence = silence;
    this.#backlog = backlog;
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

  /** There may be room to read. A read that has begun since it waited is the one that it waited for. */
  proceed(): void {
    if (!this.#reading) this.#read();
  }

  close(): void {
    clearInterval(this.#poll);
    this.#backlog.leave(this);
    this.#forget();
    for (const watcher of this.#watchers) watcher.end();
    this.#watchers.clear();
  }

  #read(): void {
    if (this.#watchers.size === 0) return;
    this.#readAgain = this.#reading;
    if (this.#reading) return;
    const bytes = this.#backend.sizeOf(this.#key);
    // In turn: if the next poll asked again, those that poll first would be read for ever, and the others never.
    if (!this.#backlog.admits(bytes)) return this.#backlog.wait(this);
    this.#reading = true;
    this.#backlog.begin(bytes);
    // Who comes while the read runs waits for the next one.
    const asking = [...this.#watchers];
    try {
      this.#backend.invoke({ type: 'read', key: this.#key }, (result) => {
        this.#backlog.answered(bytes, 0);
        this.#ended(resultOr(result, 'value'), asking);
      });
    } catch (error) {
      this.#backlog.answered(bytes, 0);
      this.#ended(asSynodError(error), asking);
    }
  }

  #ended(found: ReadResult | SynodError, asking: readonly ValueWatcher[]): void {
    this.#reading = false;
    if (!this.#isMuted) {
      for (const watcher of asking) this.#tell(watcher, found);
    }
    if (this.#readAgain) this.#read();
  }

  /** Who watches already waits for better times, unless the server goes away; who has seen nothing yet is told. */
  #tell(watcher: ValueWatcher, found: ReadResult | SynodError): void {
    if (!this.#watchers.has(watcher)) return;
    if (!(found instanceof SynodError)) watcher.offer(found);
    else if (!watcher.hasBegun || found.code === 'unavailable') watcher.fail(found);
    if (watcher.hasFailed) this.#watchers.delete(watcher);
  }

  get #isMuted(): boolean {
    return !this.#silence.isEmpty && this.#silence.mutes({ keys: [this.#key], phase: 'read' });
  }
}
