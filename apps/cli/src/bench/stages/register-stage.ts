import { findKeys } from '../../record/found-keys.js';
import type { BenchPlan } from '../plan.js';
import { keysOf, patternsOf } from '../register-keys.js';
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
    content: (ids) => {
      const patterns = patternsOf(plan.writer, ids);
      return { registers: patterns.map(({ key, writer, replicas }) => ({ key, writer, readers: replicas })) };
    },
    directory,
    isReady: async ({ registers }) => (await registers.status()).ready,
  });
  try {
    const { servers: addresses } = servers.cluster;
    const patterns = patternsOf(
      plan.writer,
      addresses.map(({ id }) => id),
    );
    return await clientsOf(plan, { servers: addresses, keys: keysOf(patterns, plan.keys) }, servers);
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

async function clientsOf(
  plan: BenchPlan,
  found: Pick<RegisterTask, 'servers' | 'keys'>,
  servers: BenchServers | undefined,
): Promise<Stage> {
  const { readShare, readFrom, valueBytes, unary, writer, seed } = plan;
  const taskOf = (name: string, first: number): RegisterTask => {
    const what = { readShare, readFrom, valueBytes, unary, writer, seed };
    return { kind: 'register', ...found, ...what, name, first, step: plan.clients };
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
