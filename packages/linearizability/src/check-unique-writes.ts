import { InvariantError } from '@synod/kernel';
import { nameOf, whyBefore, type Counterexample } from './counterexample.js';
import { endOf, precedes, type Operation, type Value } from './operation.js';
import type { ValueGroup } from './value-groups.js';
import { findConflict, makeZone, type Zone } from './zones.js';

/** Whether every value was written once at most, counting the initial value as a write. */
export function hasUniqueWrites(groups: Iterable<ValueGroup>, initial: Value): boolean {
  return [...groups].every(({ value, writes }) => writes.length <= (value === initial ? 0 : 1));
}

/**
 * Decides a register with unique writes exactly, in n log n, after Gibbons and Korach (*Testing Shared Memories*, 1997,
 * the case of a known read mapping). Every value that was read was written. Returns a counterexample that no
 * other one undercuts in operations, where a read always stands together with the write of its value: a read without
 * it would prove nothing.
 */
export function checkUniqueWrites(groups: readonly ValueGroup[], initial: Value): Counterexample | undefined {
  const early = groups.map(readBeforeItsWrite).find((found) => found !== undefined);
  if (early) return early;
  const whole = groups.map((group) =>
    makeZone(group.value, [...group.writes, ...group.reads], group.value === initial),
  );
  return findConflict(whole, whole) && smallestConflict(groups, initial);
}

function readBeforeItsWrite({ writes: [write], reads }: ValueGroup): Counterexample | undefined {
  const read = write && reads.find((it) => precedes(it, write));
  return read && { operations: [read, write], reasons: [`${nameOf(read)} ended before its write began`] };
}

/**
 * The zone of a value needs at most its write, the read that ended first and the read that began last. So the smallest
 * conflict is one between values with so few of their operations that together they are as few as possible.
 */
function smallestConflict(groups: readonly ValueGroup[], initial: Value): Counterexample {
  const bySize = new Map<number, Zone[]>();
  for (const group of groups) {
    for (const zone of witnesses(group, group.value === initial)) {
      const same = bySize.get(zone.operations.length);
      if (same) same.push(zone);
      else bySize.set(zone.operations.length, [zone]);
    }
  }
  for (let sum = 2; sum <= 6; sum++) {
    for (let size = 1; size <= sum / 2; size++) {
      const conflict = findConflict(bySize.get(size) ?? [], bySize.get(sum - size) ?? []);
      if (conflict) return explainConflict(...conflict);
    }
  }
  throw new InvariantError('whole values conflict, so some six of their operations do');
}

/** The zones that a write tells of by itself, with each of its reads, and with the two reads that matter most. */
function witnesses({ value, writes, reads }: ValueGroup, initial: boolean): Zone[] {
  const zone = (...some: Operation[]) => makeZone(value, [...writes, ...some], initial);
  const [first, ...more] = reads;
  if (!first) return [zone()];
  const endsFirst = more.reduce((a, b) => (endOf(b) < endOf(a) ? b : a), first);
  const startsLast = more.reduce((a, b) => (b.start > a.start ? b : a), first);
  const alone = writes.length > 0 ? [zone()] : [];
  const pair = endsFirst === startsLast ? [] : [zone(endsFirst, startsLast)];
  return [...alone, ...reads.map((read) => zone(read)), ...pair];
}

function explainConflict(a: Zone, b: Zone): Counterexample {
  return {
    operations: [...a.operations, ...b.operations],
    reasons: [whyBefore(a, b), whyBefore(b, a)],
  };
}
