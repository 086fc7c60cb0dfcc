import { endOf, type Instant, type Operation } from './operation.js';
import type { ValueGroup } from './value-groups.js';

/**
 * When a value must have been in the register, as far as some of its operations tell: after the first of them ended
 * and until the last of them began (Gibbons and Korach 1997: a *forward* zone; if nothing ended before all had begun,
 * a *backward* one, which can be squeezed to an instant between `lastStart` and `firstEnd`).
 */
export interface Zone {
  readonly value: ValueGroup['value'];
  readonly firstEnd: Instant;
  readonly lastStart: Instant;
  readonly operations: readonly Operation[];
}

/** The zone of operations on one value. What an initial value's write would be ended before everything. */
export function makeZone(value: ValueGroup['value'], operations: readonly Operation[], initial: boolean): Zone {
  let firstEnd: Instant = initial ? -Infinity : Infinity;
  let lastStart: Instant = -Infinity;
  for (const operation of operations) {
    if (endOf(operation) < firstEnd) firstEnd = endOf(operation);
    if (operation.start > lastStart) lastStart = operation.start;
  }
  return { value, firstEnd, lastStart, operations };
}

/**
 * Finds a zone of `left` and one of `right`, of different values, each of which would have to stand before the other;
 * in n log n.
 *
 * With unique writes, a history is linearizable exactly if no read ends before its write begins and no two zones of
 * whole values conflict so. A must stand before B if an operation of A precedes one of B: A.firstEnd < B.lastStart.
 * (Gibbons and Korach: forward zones do not overlap, and no backward zone lies inside a forward one; that is the same.)
 *
 * Pairs are enough, longer circles need not be looked for. Let A → B → C → … → A be one, A the value of least firstEnd.
 * Then A.firstEnd is below each lastStart in the circle, so A → Z too for the last value Z, and Z → A closes a pair.
 *
 * "Strictly inside" matters, equal times must not conflict: write 1 over [0,2], write 2 over [2,4] and a read of 1 over
 * [4,5] is linearizable as write 2, write 1, read 1, since 2 did not begin after 1 ended, nor the read after 2 ended.
 */
export function findConflict(left: readonly Zone[], right: readonly Zone[]): [Zone, Zone] | undefined {
  const sorted = right.toSorted((a, b) => (a.lastStart < b.lastStart ? -1 : a.lastStart > b.lastStart ? 1 : 0));
  const earliest = earliestOfSuffixes(sorted);
  for (const zone of left) {
    // Of all zones that this one must precede, the one that ended first is the likeliest to precede this one.
    const candidate = earliest[firstIndex(sorted, ({ lastStart }) => lastStart > zone.firstEnd)]?.find(
      ({ value }) => value !== zone.value,
    );
    if (candidate && candidate.firstEnd < zone.lastStart) return [zone, candidate];
  }
  return undefined;
}

/** For each suffix its zone of least `firstEnd`, and the least one of another value, since no zone rivals itself. */
function earliestOfSuffixes(zones: readonly Zone[]): (readonly Zone[])[] {
  const suffixes = new Array<readonly Zone[]>(zones.length);
  let best: readonly Zone[] = [];
  for (let i = zones.length - 1; i >= 0; i--) {
    best = withZone(best, zones[i]!);
    suffixes[i] = best;
  }
  return suffixes;
}

function withZone(best: readonly Zone[], zone: Zone): readonly Zone[] {
  const [first, second] = best;
  if (!first) return [zone];
  if (zone.firstEnd < first.firstEnd) {
    if (zone.value !== first.value) return [zone, first];
    return second ? [zone, second] : [zone];
  }
  if (zone.value === first.value || (second && zone.firstEnd >= second.firstEnd)) return best;
  return [first, zone];
}

/** The first index from which on `holds` is true; `holds` is false up to there. */
function firstIndex(zones: readonly Zone[], holds: (zone: Zone) => boolean): number {
  let low = 0;
  let high = zones.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(zones[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
