import { invariant, type NodeId } from '@synod/kernel';
import type { Entry } from './block.js';
import type { PaxosEffects } from './options.js';
import { paxosKeys } from './records.js';

/** What this server has executed and no block holds yet, in order of sequence. */
export class LocalLog<T> {
  readonly owner: NodeId;
  readonly #entries = new Map<number, Entry<T>>();
  #last = 0;

  constructor(self: NodeId) {
    this.owner = self;
  }

  recover(entry: Entry<T>): void {
    this.#entries.set(entry.sequence, entry);
    this.#last = Math.max(this.#last, entry.sequence);
  }

  /** Sequences are never used twice: what is committed counts even when the log is empty. */
  recoverCommitted(sequence: number): void {
    this.#last = Math.max(this.#last, sequence);
  }

  get length(): number {
    return this.#entries.size;
  }

  get lastSequence(): number {
    return this.#last;
  }

  entries(): Iterable<Entry<T>> {
    return this.#entries.values();
  }

  /** The entries after one sequence. */
  *after(sequence: number): Iterable<Entry<T>> {
    const first = this.#last - this.#entries.size + 1;
    for (let next = Math.max(first, sequence + 1); next <= this.#last; next++) {
      const entry = this.#entries.get(next);
      if (entry) yield entry;
    }
  }

  has(sequence: number): boolean {
    return this.#entries.has(sequence);
  }

  append(value: T, effects: PaxosEffects<T>): Entry<T> {
    const entry = { owner: this.owner, sequence: ++this.#last, value };
    this.#entries.set(entry.sequence, entry);
    effects.put(paxosKeys.entry(entry.sequence), { kind: 'entry', entry });
    return entry;
  }

  /** The oldest entries up to a limit, and whether there are more. */
  page(limit: number): { log: readonly Entry<T>[]; more: boolean } {
    const log: Entry<T>[] = [];
    for (const entry of this.#entries.values()) {
      if (log.length === limit) return { log, more: true };
      log.push(entry);
    }
    return { log, more: false };
  }

  /** A block holds entries of a disk that this one replaced: their numbers are used. */
  passOver(committed: readonly Entry<T>[]): void {
    for (const { owner, sequence } of committed) if (owner === this.owner) this.recoverCommitted(sequence);
  }

  /** Removes exactly the entries that the chain holds up to a sequence, and returns them; later ones stay. */
  removeUpTo(sequence: number, effects: PaxosEffects<T>): readonly Entry<T>[] {
    invariant(
      sequence <= this.#last,
      `the chain holds entry ${sequence} of ${this.owner}, its log ends at ${this.#last}`,
    );
    const committed: Entry<T>[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.sequence > sequence) break;
      committed.push(entry);
    }
    this.remove(committed, effects);
    return committed;
  }

  /** Removes exactly the own entries that a committed block holds; later ones stay. */
  remove(committed: readonly Entry<T>[], effects: PaxosEffects<T>): void {
    for (const { owner, sequence } of committed) {
      if (owner !== this.owner) continue;
      invariant(this.#entries.delete(sequence), `a block holds entry ${sequence} of ${owner}, its log does not`);
      effects.put(paxosKeys.entry(sequence), undefined);
    }
  }
}
