import type { NodeId } from '@synod/kernel';
import { Sequence } from './sequence.js';

export type Fate = 'local' | 'consensus' | 'pending' | 'rejected' | 'skipped';

/** A transfer of the file and what became of it. */
export interface FateRow {
  readonly id: string;
  /** `S1 → S3: 45` */
  readonly transfer: string;
  readonly fate: Fate;
  /** Why it was skipped, is pending or was rejected; empty if it was executed. */
  readonly reason: string;
}

/** The transaction file: how far it is played. */
export interface Plan {
  /** Sets in the file. */
  readonly sets: number;
  /** Sets that were begun. */
  readonly begun: number;
  readonly source: string;
}

/** One set, being played or done. */
export interface SetModel {
  readonly name: string;
  readonly live: readonly NodeId[];
  /** Transfers in it. */
  readonly total: number;
  /** Those that are decided, in that order. */
  readonly fates: Sequence<FateRow>;
  readonly counts: Readonly<Partial<Record<Fate, number>>>;
  /** Transfers of earlier sets that left their queue in this one. */
  readonly late: readonly FateRow[];
  readonly isDone: boolean;
}

export function beginSet(name: string, live: readonly NodeId[], total: number): SetModel {
  return { name, live, total, fates: Sequence.empty(), counts: {}, late: [], isDone: false };
}

export function decide(set: SetModel, row: FateRow): SetModel {
  const counts = { ...set.counts, [row.fate]: (set.counts[row.fate] ?? 0) + 1 };
  return { ...set, fates: set.fates.append(row), counts };
}
