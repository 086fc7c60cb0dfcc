import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { addCoverage, noCoverage, type Coverage, type PlanOptions } from '@synod/simulator';
import type { FoundViolation, SeedReport, SeedTask } from './seed-worker.js';

/** The compiled worker, also when the sources run by themselves: threads load plain JavaScript. */
const workerFile = createRequire(import.meta.url).resolve('@synod/cli/seed-worker');

/** So many at a time go to one thread. */
const seedsPerTask = 10;

type Finished = Exclude<SeedReport, { kind: 'failed' }>;

export interface SeedRange {
  readonly from: number;
  readonly to: number;
}

export interface SeedsResult {
  readonly coverage: Coverage;
  /** That of the lowest seed among those that were found. */
  readonly violation: FoundViolation | undefined;
}

/**
 * Runs seeds on all processors. Ends at the first violation, when what is under way is done: of those found the lowest
 * seed counts. Rejects if a run was too little to count, or `interrupted` does.
 */
export async function simulateSeeds(
  system: string,
  { from, to }: SeedRange,
  options: PlanOptions,
  { interrupted, progress }: { readonly interrupted: Promise<never>; readonly progress: (coverage: Coverage) => void },
): Promise<SeedsResult> {
  const coverage = noCoverage();
  const violations: FoundViolation[] = [];
  let next = from;
  const nextTask = (): SeedTask | undefined => {
    if (next > to || violations.length > 0) return undefined;
    const first = next;
    next = Math.min(next + seedsPerTask, to + 1);
    return { system, from: first, to: next - 1, options };
  };
  const take = (report: Finished): void => {
    if (report.kind === 'violated') violations.push(report.violation);
    addCoverage(coverage, report.coverage);
    progress(coverage);
  };
  const count = Math.min(availableParallelism(), Math.ceil((to - from + 1) / seedsPerTask));
  const workers = Array.from({ length: count }, () => new Worker(workerFile));
  try {
    const work = Promise.all(workers.map((worker) => workOff(worker, nextTask, take)));
    await Promise.race([interrupted, work]);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return { coverage, violation: violations.sort((a, b) => a.seed - b.seed)[0] };
}

/** Gives one thread task after task. Resolves when there is none left. */
function workOff(
  worker: Worker,
  nextTask: () => SeedTask | undefined,
  take: (report: Finished) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = (): void => {
      const task = nextTask();
      if (task) worker.postMessage(task);
      else resolve();
    };
    worker.on('error', reject);
    worker.on('message', (report: SeedReport) => {
      if (report.kind === 'failed') return reject(new Error(report.message));
      take(report);
      give();
    });
    give();
  });
}
