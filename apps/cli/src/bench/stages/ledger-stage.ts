import { maxAmount } from '@synod/ledger';
import type { BenchPlan } from '../plan.js';
import { roundAmount, shortageAmount, type BenchAccount, type LedgerTask } from '../subjects/ledger-subject.js';
import { BenchServers } from './bench-servers.js';
import type { Stage } from './stage.js';
import { clientNames, closeWorkers, startWorkers } from './start-workers.js';
import { verifyLedger } from './verify-ledger.js';

/** Clients of a ledger whose accounts are spread over all its servers. */
export async function ledgerStage(plan: BenchPlan, directory: string): Promise<Stage> {
  const servers = await BenchServers.start({
    count: plan.servers,
    server: '@synod/paxos-server',
    content: (ids) => ({ ledger: { accounts: accountsOf(plan, ids) } }),
    directory,
    isReady: async ({ ledger }) => (await ledger.status()).status.ready,
  });
  try {
    const { cluster } = servers;
    const ids = cluster.servers.map(({ id }) => id);
    const accounts = accountsOf(plan, ids).map(({ id, home }) => ({ id, home }));
    const tasks = clientNames(plan.clients).map((name, i): [string, LedgerTask] => [
      name,
      {
        kind: 'ledger',
        servers: cluster.servers,
        accounts: shareOf(accounts, i, plan),
        load: plan.load,
        seed: plan.seed,
        name: `c${i}`,
        circle: ids.length,
      },
    ]);
    const drivers = await startWorkers(new Map(tasks));
    return {
      processes: [...drivers.map(({ name, pid }) => ({ name, role: 'client' as const, pid })), ...servers.processes],
      drivers,
      failed: servers.failed,
      counters: () => servers.counters(),
      verify: () => verifyLedger(cluster, drivers),
      close: async () => {
        await closeWorkers(drivers);
        await servers.stop();
      },
    };
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

/** Accounts a1, a2, … at home on S1, S2, … in turn, with what the load needs. */
function accountsOf(plan: BenchPlan, servers: readonly string[]) {
  const { load, inFlight, keys } = plan;
  const circles = Math.max(inFlight, plan.clients);
  const count = load === 'round' ? circles * servers.length : Math.max(2, keys);
  const plenty = maxAmount / BigInt(count);
  return Array.from({ length: count }, (_, i): BenchAccount & { readonly initial: string } => {
    const home = servers[i % servers.length]!;
    if (load === 'covered') return { id: `a${i + 1}`, home, initial: String(plenty) };
    if (load === 'shortage') return { id: `a${i + 1}`, home, initial: String(shortageAmount) };
    return { id: `a${i + 1}`, home, initial: i % servers.length === 0 ? String(roundAmount) : '0' };
  });
}

/** Where money goes around, each client has accounts of its own. */
function shareOf(
  accounts: readonly BenchAccount[],
  client: number,
  { load, clients, servers }: BenchPlan,
): readonly BenchAccount[] {
  if (load !== 'round') return accounts;
  return accounts.filter((_, i) => Math.floor(i / servers) % clients === client);
}
