import type { NodeId } from '@synod/kernel';
import type { AccountId } from '@synod/ledger';
import type { Fate } from './fates.js';

/** What one set left, as tools exchange it. Keys stand in natural order, transfers in file order. */
export interface SetResult {
  readonly set: string;
  readonly live: readonly NodeId[];
  /** As the set ended: what executed after waiting, or after a round, is `consensus`. */
  readonly status: Readonly<Record<string, Fate>>;
  /** Transfers of earlier sets that left their queue in this one. */
  readonly late?: Readonly<Record<string, Fate>>;
  /** Each account's spendable balance on its home; null if that has crashed. */
  readonly own: Readonly<Record<AccountId, bigint | null>>;
  /** Every server's view of every account. */
  readonly map: Readonly<Record<NodeId, Readonly<Record<AccountId, bigint>> | null>>;
  /** All executed transfers counted, credits too. */
  readonly settled: Readonly<Record<AccountId, bigint>>;
  /** By account in natural order, then first in first out. */
  readonly pending: readonly string[];
  /** Heights. */
  readonly blocks: Readonly<Record<NodeId, number | null>>;
}

/** The result of a run. */
export interface RunResult {
  readonly sets: readonly SetResult[];
}
