import { compareNatural } from '@synod/kernel';
import { checkBySearch } from './check-by-search.js';
import { checkUniqueWrites, hasUniqueWrites } from './check-unique-writes.js';
import { checkWritten } from './check-written.js';
import { explain, type Counterexample } from './counterexample.js';
import { groupByKey } from './group-by-key.js';
import type { SearchLimits, Verdict } from './model.js';
import { compareInstants, type History, type Operation, type Value } from './operation.js';
import { decisive, groupByValue, operationsOf } from './value-groups.js';

export interface CheckOptions extends SearchLimits {
  /** What every register holds before its first write; `null` by default. */
  readonly initial?: Value;
}

export interface HistoryResult {
  /** `violated` if one key is; otherwise `unknown` if one key is; otherwise `linearizable`. */
  readonly verdict: Verdict;
  /** In natural order of the keys. */
  readonly keys: readonly KeyResult[];
}

export interface KeyResult {
  readonly key: string;
  readonly verdict: Verdict;
  /** How many operations of the history concern this key. */
  readonly operations: number;
  /** If violated. */
  readonly counterexample: Counterexample | undefined;
  /** The counterexample for people: why, and a time line. Empty if there is none. */
  readonly explanation: string;
}

/**
 * Decides for every key whether its operations are linearizable as one register. That decides the whole, since
 * linearizability is local (Herlihy and Wing 1990, theorem 1).
 *
 * If every value of a key was written once at most, the answer is exact, takes n log n, and a counterexample is as
 * small as any. Otherwise an order is searched for, within the limits; a counterexample is then one of which no
 * operation can be left out.
 */
export function checkHistory(history: History, options: CheckOptions = {}): HistoryResult {
  const byKey = groupByKey(history);
  const keys = [...byKey]
    .sort(([a], [b]) => compareNatural(a, b))
    .map(([key, operations]) => checkKey(key, operations, options));
  const verdict = (['violated', 'unknown'] as const).find((bad) => keys.some((key) => key.verdict === bad));
  return { verdict: verdict ?? 'linearizable', keys };
}

function checkKey(key: string, operations: readonly Operation[], options: CheckOptions): KeyResult {
  const { verdict, counterexample } = checkRegister(operations, options);
  const sorted = counterexample && {
    ...counterexample,
    operations: counterexample.operations.toSorted((a, b) => compareInstants(a.start, b.start)),
  };
  const explanation = sorted ? explain(sorted) : '';
  return { key, verdict, operations: operations.length, counterexample: sorted, explanation };
}

function checkRegister(
  operations: readonly Operation[],
  { initial = null, ...limits }: CheckOptions,
): Pick<KeyResult, 'verdict' | 'counterexample'> {
  const groups = [...groupByValue(operations).values()];
  const unwritten = checkWritten(groups, initial);
  if (unwritten) return { verdict: 'violated', counterexample: unwritten };
  const remaining = decisive(groups);
  if (!hasUniqueWrites(remaining, initial)) return checkBySearch(operationsOf(remaining), initial, limits);
  const counterexample = checkUniqueWrites(remaining, initial);
  return { verdict: counterexample ? 'violated' : 'linearizable', counterexample };
}
