import { Fifo, invariant, type NodeId } from '@synod/kernel';
import type { Entry } from './block.js';
import type { PaxosEffects } from './options.js';
import { paxosKeys } from './records.js';

/**
 * What this server has executed and no block holds yet, in order of sequence: blocks hold the entries of an owner without
 * gaps, and so does what is left. In memory rest the values alone, as the application holds them too.
 */
export class LocalLog<T> {
  readonly owner: NodeId;
  readonly #values = new Fifo<T>();
  #last = 0;

  constructor(self: NodeId) {
    this.owner = self;
  }

  /** Entries arrive in order of sequence. */
  recover({ sequence, value }: Entry<T>): void {
    invariant(this.length === 0 || sequence === this.#last + 1, `entry ${sequence} follows ${this.#last} in the log`);
    this.#last = sequence;
    this.#values.push(value);
  }

  /** Sequences are never used twice: what is committed counts even when the log is empty. */
  recoverCommitted(sequence: number): void {
    this.#last = Math.max(this.#last, sequence);
  }

  get length(): number {
    return this.#values.length;
  }

  get lastSequence(): number {
    return this.#last;
  }

  entries(): Iterable<Entry<T>> {
    return this.after(0);
  }

  /** The entries after one sequence. */
  *after(sequence: number): Iterable<Entry<T>> {
    for (let next = Math.max(this.#first, sequence + 1); next <= this.#last; next++) yield this.#entry(next);
  }

  has(sequence: number): boolean {
    return sequence >= this.#first && sequence <= this.#last;
  }

  /** The value under a sequence; undefined if the log does not hold that. */
  value(sequence: number): T | undefined {
    return this.#values.at(sequence - this.#first);
  }

  append(value: T, effects: PaxosEffects<T>): Entry<T> {
    const entry = { owner: this.owner, sequence: ++this.#last, value };
    this.#values.push(value);
    effects.put(paxosKeys.entry(entry.sequence), { kind: 'entry', entry });
    return entry;
  }

  /** The oldest entries up to a limit, and whether there are more. */
  page(limit: number): { log: readonly Entry<T>[]; more: boolean } {
    const count = Math.min(limit, this.length);
    const log = Array.from({ length: count }, (_, i) => this.#entry(this.#first + i));
    return { log, more: count < this.length };
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
    for (const entry of this.entries()) {
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
      const isFirst = this.length > 0 && sequence === this.#first;
      invariant(isFirst, `a block holds entry ${sequence} of ${owner}, its log does not`);
      this.#values.shift();
      effects.put(paxosKeys.entry(sequence), undefined);
    }
  }

  get #first(): number {
    return this.#last - this.length + 1;
  }

  #entry(sequence: number): Entry<T> {
    return { owner: this.owner, sequence, value: this.value(sequence)! };
  }
}
