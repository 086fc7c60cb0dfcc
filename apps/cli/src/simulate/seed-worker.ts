import { parentPort } from 'node:worker_threads';
import { noCoverage, simulateSeed, Violation, type Coverage, type PlanOptions, type Schedule } from '@synod/simulator';
import { systemNamed } from './systems.js';

/** Some seeds, for one thread. */
export interface SeedTask {
  readonly system: string;
  readonly from: number;
  readonly to: number;
  readonly options: PlanOptions;
}

/** What became of them: what those did that went well, and the first violation or complaint. */
export type SeedReport =
  | { readonly kind: 'done'; readonly coverage: Coverage }
  | { readonly kind: 'violated'; readonly coverage: Coverage; readonly violation: FoundViolation }
  | { readonly kind: 'failed'; readonly message: string };

/** A violation as data. */
export interface FoundViolation {
  readonly seed: number;
  readonly what: string;
  /** Virtual ms from the start of the run. */
  readonly timeMs: number;
  /** The shortest that was found. */
  readonly schedule: Schedule;
}

/** Runs them one after the other, to the first that is wrong. */
export function runSeeds({ system: name, from, to, options }: SeedTask): SeedReport {
  const coverage = noCoverage();
  const system = systemNamed(name);
  try {
    for (let seed = from; seed <= to; seed++) simulateSeed(system, seed, options, coverage);
    return { kind: 'done', coverage };
  } catch (error) {
    if (!(error instanceof Violation)) return { kind: 'failed', message: (error as Error).message };
    const { seed, what, time: timeMs, schedule } = error;
    return { kind: 'violated', coverage, violation: { seed, what, timeMs, schedule: schedule! } };
  }
}

parentPort?.on('message', (task: SeedTask) => parentPort?.postMessage(runSeeds(task)));
