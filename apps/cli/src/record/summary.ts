import { compareNatural } from '@synod/kernel';
import type { History, Instant, Operation, Outcome } from '@synod/linearizability';
import { faultKinds, type FaultKind } from '../nemesis/fault.js';
import type { FaultEvent } from '../nemesis/nemesis.js';

/** Operations by outcome. */
export type Outcomes = Readonly<Record<Outcome, number>>;

/** What was done in a recording. */
export interface RecordingSummary {
  readonly operations: Outcomes;
  /** In natural order of the keys. */
  readonly keys: readonly { readonly key: string; readonly reads: Outcomes; readonly writes: Outcomes }[];
  /** From the first invocation to the last answer. */
  readonly milliseconds: number;
  /** The longest time in which no operation was completed, that is, ended `ok`. */
  readonly longestGapMs: number;
  /** How often each kind of fault was made. */
  readonly faults: Readonly<Record<FaultKind, number>>;
}

export function summarise(history: History, faults: readonly FaultEvent[]): RecordingSummary {
  const keys = [...new Set(history.map(({ key }) => key))].sort(compareNatural);
  return {
    operations: countOutcomes(history),
    keys: keys.map((key) => {
      const of = (f: Operation['f']) => countOutcomes(history.filter((it) => it.key === key && it.f === f));
      return { key, reads: of('read'), writes: of('write') };
    }),
    ...timesOf(history),
    faults: countFaults(faults),
  };
}

function countOutcomes(operations: readonly Operation[]): Outcomes {
  const counts = { ok: 0, fail: 0, info: 0 };
  for (const { outcome } of operations) counts[outcome]++;
  return counts;
}

export function countFaults(faults: readonly FaultEvent[]): RecordingSummary['faults'] {
  const count = (kind: FaultKind) => faults.filter(({ step, fault }) => step === 'made' && fault.kind === kind).length;
  return Object.fromEntries(faultKinds.map((kind) => [kind, count(kind)])) as Record<FaultKind, number>;
}

/** Milliseconds: how long it lasted, and the longest part of that in which nothing was completed. */
function timesOf(history: History): Pick<RecordingSummary, 'milliseconds' | 'longestGapMs'> {
  const starts = history.map(({ start }) => BigInt(start));
  const began = starts.reduce((least, start) => (start < least ? start : least), starts[0] ?? 0n);
  const sinceBegan = (instant: Instant) => Number(BigInt(instant) - began) / 1e6;
  let milliseconds = 0;
  const completed: number[] = [];
  for (const { end, outcome } of history) {
    if (end === undefined) continue;
    milliseconds = Math.max(milliseconds, sinceBegan(end));
    if (outcome === 'ok') completed.push(sinceBegan(end));
  }
  let longestGapMs = 0;
  let last = 0;
  for (const instant of [...completed.sort((a, b) => a - b), milliseconds]) {
    longestGapMs = Math.max(longestGapMs, instant - last);
    last = instant;
  }
  return { milliseconds: Math.round(milliseconds), longestGapMs: Math.round(longestGapMs) };
}
