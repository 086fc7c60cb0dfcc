import type { Time } from '@synod/kernel';
import type { ReplicaSet } from './replica-set.js';
import type { Operation, Round } from './round.js';

/**
 * The operations of one kind on one register: one round runs, the others wait for the next. An operation joins only a
 * round that starts after it arrived: what a running round has found may be older than what was acknowledged before.
 */
export class Lane<O extends Operation> {
  readonly key: string;
  readonly set: ReplicaSet;
  #waiting: O[] = [];
  running: Round<O> | undefined;

  constructor(key: string, set: ReplicaSet) {
    this.key = key;
    this.set = set;
  }

  add(operation: O): void {
    if (this.#waiting.length === 0) this.#waiting = [operation];
    else this.#waiting.push(operation);
  }

  get isEmpty(): boolean {
    return this.running === undefined && this.#waiting.length === 0;
  }

  get canStart(): boolean {
    return this.running === undefined && this.#waiting.length > 0;
  }

  /** When the operation arrived that has been here for the longest time. */
  get oldest(): Time {
    const first = this.running?.operations[0] ?? this.#waiting[0];
    return first?.arrived ?? Number.POSITIVE_INFINITY;
  }

  /** Takes those that run together next: all up to the first that must run alone. */
  takeBatch(runsAlone: (operation: O) => boolean): O[] {
    const first = this.#waiting.findIndex(runsAlone);
    if (first >= 0) return this.#waiting.splice(0, Math.max(first, 1));
    const all = this.#waiting;
    this.#waiting = [];
    return all;
  }

  /** Takes out those that have waited since `since` or longer. */
  takeOverdue(since: Time): { readonly waiting: readonly O[]; readonly running: readonly O[] } {
    const running = this.running ? takeUntil(this.running.operations, since) : [];
    return { waiting: takeUntil(this.#waiting, since), running };
  }
}

/** Operations stand in order of arrival. */
function takeUntil<O extends Operation>(operations: O[], since: Time): O[] {
  const rest = operations.findIndex(({ arrived }) => arrived > since);
  return operations.splice(0, rest < 0 ? operations.length : rest);
}
