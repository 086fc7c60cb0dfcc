import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SynodError } from '@synod/kernel';
import type { BenchPlan } from '../plan.js';
import type { BenchTask } from '../worker/task.js';
import { addressesFor } from './bench-servers.js';
import { neverFails, noCounters, type Stage } from './stage.js';
import { closeWorkers, startWorkers } from './start-workers.js';

/** Processes that are members and clients at once: the first of them is put under load, the others answer it. */
export async function memberStage(plan: BenchPlan, directory: string): Promise<Stage> {
  const { system, valueBytes } = plan;
  if (system === 'transport' && plan.servers < 2) {
    throw new SynodError('config', '--servers: links need 2 servers or more');
  }
  const servers = await addressesFor(plan.servers);
  const tasks = new Map<string, BenchTask>();
  for (const { id: self } of servers) {
    const data = join(directory, self);
    await mkdir(data, { recursive: true });
    const links = { kind: 'links', self, servers, valueBytes } as const;
    tasks.set(self, system === 'transport' ? links : { ...links, kind: 'log', directory: data });
  }
  const workers = await startWorkers(tasks);
  const [driver, ...others] = workers;
  return {
    processes: workers.map(({ name, pid }) => ({ name, pid, role: name === driver!.name ? 'both' : 'server' })),
    drivers: [driver!],
    failed: neverFails,
    counters: noCounters,
    verify: async () => {
      const own = await driver!.order({ do: 'verify', facts: undefined }, 'verified');
      const { facts } = own.verification;
      const found = await Promise.all(others.map((worker) => worker.order({ do: 'verify', facts }, 'verified')));
      const lost = [own, ...found].flatMap(({ verification }) => verification.lost);
      return { checked: own.verification.checked, lost, facts };
    },
    close: () => closeWorkers(workers),
  };
}
