import { WorkerProcess } from '../worker/worker-process.js';
import type { BenchTask } from '../worker/task.js';

/** Starts one process for each task, by name. Rejects with `SynodError`, leaving none. */
export async function startWorkers(tasks: ReadonlyMap<string, BenchTask>): Promise<WorkerProcess[]> {
  const started = await Promise.allSettled([...tasks].map(([name, task]) => WorkerProcess.start(name, task)));
  const workers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const problem = started.find((one) => one.status === 'rejected');
  if (!problem) return workers;
  await closeWorkers(workers);
  throw problem.reason;
}

export async function closeWorkers(workers: readonly WorkerProcess[]): Promise<void> {
  await Promise.all(workers.map((worker) => worker.close()));
}

/** Names for so many client processes. */
export function clientNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => (count === 1 ? 'client' : `client ${i + 1}`));
}
