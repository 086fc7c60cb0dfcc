import { violationOf } from './execute.js';
import type { Schedule } from './schedule.js';
import type { System } from './system.js';
import type { Violation } from './violation.js';

export interface Shrunk {
  /** That of the shortest schedule; it holds it. */
  readonly violation: Violation;
  /** How many runs were made. */
  readonly runs: number;
}

/**
 * Looks for a shorter schedule that leads to a violation like this one, by leaving out faults and operations: delta
 * debugging, Zeller and Hildebrandt, *Simplifying and Isolating Failure-Inducing Input*, 2002. Of what is left no single
 * item can be left out, unless the bound of runs came first.
 */
export function shrink<O>(
  system: System<O>,
  violation: Violation,
  { runs: mostRuns = 500 }: { readonly runs?: number } = {},
): Shrunk {
  let shortest = violation;
  let runs = 0;
  const isViolated = (schedule: Schedule<O>): boolean => {
    if (runs >= mostRuns) return false;
    runs++;
    const found = violationOf(system, schedule);
    if (!found?.isLike(violation)) return false;
    shortest = found;
    return true;
  };
  const current = (): Schedule<O> => shortest.schedule as Schedule<O>;
  for (let before = Infinity; sizeOf(current()) < before;) {
    before = sizeOf(current());
    isViolated(upTo(shortest.time, current()));
    minimise(current().faults, (faults) => isViolated({ ...current(), faults }));
    minimise(current().operations, (operations) => isViolated({ ...current(), operations }));
  }
  return { violation: shortest, runs };
}

/** Leaves out parts of a list as long as `holds` says yes: halves, quarters, …, single items. */
function minimise<T>(items: readonly T[], holds: (items: readonly T[]) => boolean): void {
  let left = items;
  for (let size = left.length; size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < left.length;) {
      const shorter = [...left.slice(0, from), ...left.slice(from + size)];
      if (holds(shorter)) left = shorter;
      else from += size;
    }
  }
}

/** Nothing after the violation can have led to it. */
function upTo<O>(time: number, schedule: Schedule<O>): Schedule<O> {
  const isBefore = ({ at }: { readonly at: number }): boolean => at <= time;
  return {
    ...schedule,
    forMs: Math.min(schedule.forMs, Math.ceil(time)),
    faults: schedule.faults.filter(isBefore),
    operations: schedule.operations.filter(isBefore),
  };
}

function sizeOf({ faults, operations }: Schedule): number {
  return faults.length + operations.length;
}
