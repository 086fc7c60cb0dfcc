import { SynodError } from '@synod/kernel';
import type { BenchPlan } from '../plan.js';
import type { BenchTask } from '../worker/task.js';
import { verifyEach } from './register-stage.js';
import { neverFails, noCounters, type Stage } from './stage.js';
import { closeWorkers, startWorkers } from './start-workers.js';

/** One process that holds all there is: a store, or replicas in memory of one another. */
export async function singleStage(plan: BenchPlan, directory: string): Promise<Stage> {
  if (plan.clients > 1)
    throw new SynodError('config', '--clients: there is nothing here that a second one could reach');
  const { keys, readShare, valueBytes, seed, servers, writer } = plan;
  const task: BenchTask =
    plan.system === 'storage'
      ? { kind: 'storage', directory, keys, valueBytes, seed }
      : {
          kind: 'embedded',
          directory,
          servers,
          writer,
          readShare,
          valueBytes,
          seed,
          name: 'embedded',
          keys,
          first: 0,
          step: 1,
        };
  const workers = await startWorkers(new Map([[plan.system === 'storage' ? 'store' : 'replicas', task]]));
  return {
    processes: workers.map(({ name, pid }) => ({ name, pid, role: 'both' })),
    drivers: workers,
    failed: neverFails,
    counters: noCounters,
    verify: () => verifyEach(workers),
    close: () => closeWorkers(workers),
  };
}
