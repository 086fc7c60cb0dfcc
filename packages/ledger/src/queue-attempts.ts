import type { OperationId } from '@synod/kernel';
import type { Outcome } from './records.js';
import type { AccountId, GatherFrom } from './transfer.js';

/** A request to attempt one account's queue, answered when its head stays short. */
export interface QueueAttempt {
  readonly asker: OperationId;
  readonly account: AccountId;
  readonly gather: GatherFrom;
  /** Ids of the transfers that left the queue since. */
  readonly executed: readonly string[];
  /** Only a round that starts later than this many attempts shows that the head's money is not there. */
  readonly after: number;
}

/** The attempts of queues that wait for a round. */
export class QueueAttempts {
  #attempts: QueueAttempt[] = [];

  add(attempt: QueueAttempt): void {
    this.#attempts.push(attempt);
  }

  [Symbol.iterator](): Iterator<QueueAttempt> {
    return this.#attempts.values();
  }

  /** Heads were executed: the next head of such an account is a new one, and needs a round after this many attempts. */
  executed(outcomes: readonly Outcome[], after: number): void {
    if (this.#attempts.length === 0) return;
    const executed = new Map<AccountId, string[]>();
    for (const { transfer } of outcomes) {
      const ids = executed.get(transfer.from);
      if (ids) ids.push(transfer.id);
      else executed.set(transfer.from, [transfer.id]);
    }
    this.#attempts = this.#attempts.map((attempt) => {
      const ids = executed.get(attempt.account);
      return ids ? { ...attempt, executed: attempt.executed.concat(ids), after } : attempt;
    });
  }

  /** Takes out those that are over. */
  take(isOver: (attempt: QueueAttempt) => boolean): QueueAttempt[] {
    const over = new Set(this.#attempts.filter(isOver));
    this.#attempts = this.#attempts.filter((attempt) => !over.has(attempt));
    return [...over];
  }
}
