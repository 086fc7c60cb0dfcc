import { findKeys } from '../../record/found-keys.js';
import type { BenchPlan } from '../plan.js';
import type { RegisterTask } from '../subjects/register-subject.js';
import type { Verification } from '../subject.js';
import type { WorkerProcess } from '../worker/worker-process.js';
import { BenchServers } from './bench-servers.js';
import { neverFails, noCounters, type Stage } from './stage.js';
import { clientNames, closeWorkers, startWorkers } from './start-workers.js';

/** Clients of register servers: of new ones, or of those that run already. */
export async function registerStage(plan: BenchPlan, directory: string): Promise<Stage> {
  if (plan.connect) {
    const { keys } = await findKeys(plan.connect, plan.keys);
    const servers = plan.connect.map((address) => ({ address }));
    return clientsOf(plan, { servers, keys }, undefined);
  }
  const servers = await BenchServers.start({
    count: plan.servers,
    server: '@synod/register-server',
    content: (ids) => ({ registers: patternsOf(plan, ids) }),
    directory,
    isReady: async ({ registers }) => (await registers.status()).ready,
  });
  try {
    const { servers: addresses } = servers.cluster;
    const patterns = patternsOf(
      plan,
      addresses.map(({ id }) => id),
    );
    // With one writer each, key and writer stand at the same place, around and around.
    const keys = Array.from({ length: plan.keys }, (_, i) => patterns[i % patterns.length]!.key.replace('*', `${i}`));
    return await clientsOf(plan, { servers: addresses, keys }, servers);
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

function patternsOf({ writer }: BenchPlan, servers: readonly string[]) {
  if (writer === 'any') return [{ key: 'any/*', writer: 'any', readers: servers }];
  return servers.map((id) => ({ key: `${id}/*`, writer: id, readers: servers }));
}

async function clientsOf(
  plan: BenchPlan,
  found: Pick<RegisterTask, 'servers' | 'keys'>,
  servers: BenchServers | undefined,
): Promise<Stage> {
  const { readShare, valueBytes, unary, seed } = plan;
  const taskOf = (name: string, first: number): RegisterTask => {
    return { kind: 'register', ...found, readShare, valueBytes, unary, seed, name, first, step: plan.clients };
  };
  const drivers = await startWorkers(new Map(clientNames(plan.clients).map((name, i) => [name, taskOf(name, i)])));
  return {
    processes: [
      ...drivers.map(({ name, pid }) => ({ name, role: 'client' as const, pid })),
      ...(servers?.processes ?? []),
    ],
    drivers,
    failed: servers?.failed ?? neverFails,
    counters: servers ? () => servers.counters() : noCounters,
    verify: () => verifyEach(drivers),
    close: async () => {
      await closeWorkers(drivers);
      await servers?.stop();
    },
  };
}

/** Each looks at what it knows itself. */
export async function verifyEach(workers: readonly WorkerProcess[]): Promise<Verification> {
  const order = { do: 'verify', facts: undefined } as const;
  const found = await Promise.all(workers.map((worker) => worker.order(order, 'verified')));
  return {
    checked: found.reduce((sum, { verification }) => sum + verification.checked, 0),
    lost: found.flatMap(({ verification }) => verification.lost),
    facts: {},
  };
}
