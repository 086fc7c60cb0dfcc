import type { NodeId, OperationId } from '@synod/kernel';
import type { Outcome } from './records.js';
import type { LoggedTransfer } from './transfer.js';

/** An executed transfer, and who is answered when a block holds it. */
export interface CommitWaiter {
  readonly outcome: Outcome;
  readonly askers: OperationId[];
}

/** Those who asked for `durability: committed`, by the sequence of their transfer. */
export class CommitWaiters {
  readonly #bySequence = new Map<number, CommitWaiter>();

  get isEmpty(): boolean {
    return this.#bySequence.size === 0;
  }

  add(outcome: Outcome, askers: readonly OperationId[]): void {
    let waiter = this.#bySequence.get(outcome.sequence);
    if (!waiter) this.#bySequence.set(outcome.sequence, (waiter = { outcome, askers: [] }));
    for (const asker of askers) waiter.askers.push(asker);
  }

  /** Takes out those whose transfers are among these entries, those of `self`. */
  committed(entries: readonly LoggedTransfer[], self: NodeId): CommitWaiter[] {
    if (this.isEmpty) return [];
    return entries.flatMap(({ owner, sequence }) => {
      const waiter = owner === self ? this.#bySequence.get(sequence) : undefined;
      if (!waiter) return [];
      this.#bySequence.delete(sequence);
      return [waiter];
    });
  }

  takeAll(): CommitWaiter[] {
    const all = [...this.#bySequence.values()];
    this.#bySequence.clear();
    return all;
  }
}
