import { cover, missing, noCoverage, shortfall, type Coverage } from './coverage.js';
import { execute } from './execute.js';
import { shrink } from './shrink.js';
import type { PlanOptions, System } from './system.js';
import { Violation } from './violation.js';

/**
 * Runs the schedules of seeds `from` to `to`. Throws the first `Violation`, with the shortest schedule found for it; and
 * an error if a run was too short to count, or if all of them together left a fault, crash point, message or answer out.
 */
export function simulate<O>(
  system: System<O>,
  { from, to, ...options }: PlanOptions & { readonly from: number; readonly to: number },
): Coverage {
  const coverage = noCoverage();
  for (let seed = from; seed <= to; seed++) simulateSeed(system, seed, options, coverage);
  const left = missing(coverage, system, options.faults);
  if (left.length > 0) throw new Error(`in seeds ${from} to ${to} never: ${left.join(', ')}`);
  return coverage;
}

/** Runs the schedule of one seed, and adds what happened. */
export function simulateSeed<O>(system: System<O>, seed: number, options: PlanOptions, coverage: Coverage): void {
  try {
    const evidence = execute(system, system.plan(seed, options), { traceLimit: 500 });
    const complaint = shortfall(evidence, options);
    if (complaint) throw new Error(`seed ${seed} is too little: ${complaint}`);
    cover(coverage, evidence);
  } catch (error) {
    throw error instanceof Violation ? shrink(system, error).violation : error;
  }
}
