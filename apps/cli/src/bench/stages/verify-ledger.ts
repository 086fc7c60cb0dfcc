import { connect, type SynodClient } from '@synod/client';
import type { Cluster } from '@synod/cluster';
import type { NodeId } from '@synod/kernel';
import { Findings } from '../findings.js';
import type { Verification } from '../subject.js';
import type { WorkerProcess } from '../worker/worker-process.js';

/** How long servers may take to be at the same height, and to tell all they hold. */
const patienceMs = 60_000;
const pollMs = 50;

/**
 * What clients were told against what the servers hold. Each home numbers what it executes without gaps, so that a home
 * whose blocks and log hold at least as many transfers as were acknowledged, and go up to the highest number that was,
 * has lost none. No money came or went.
 */
export async function verifyLedger(cluster: Cluster, clients: readonly WorkerProcess[]): Promise<Verification> {
  const findings = new Findings();
  const acknowledged = new Map<string, number>();
  for (const worker of clients) {
    const { verification } = await worker.order({ do: 'verify', facts: undefined }, 'verified');
    for (const [name, value] of Object.entries(verification.facts)) {
      const before = acknowledged.get(name) ?? 0;
      acknowledged.set(name, name.startsWith('acked') ? before + Number(value) : Math.max(before, Number(value)));
    }
  }
  const client = connect({ servers: cluster.servers, cluster: cluster.id, timeoutMs: patienceMs });
  try {
    const ids = cluster.servers.map(({ id }) => id);
    await sameHeight(client, ids, findings);
    const held = await holdings(client, ids);
    for (const id of ids) {
      const told = acknowledged.get(`acked ${id}`) ?? 0;
      const highest = acknowledged.get(`highest ${id}`) ?? 0;
      const executed = held.executed.get(id) ?? 0;
      findings.checked += executed;
      if (executed < Math.max(told, highest)) {
        findings.lose(`${id} acknowledged ${told} transfers up to number ${highest}, and holds ${executed}`);
      }
    }
    const initial = cluster.ledger.accounts.reduce((sum, account) => sum + account.initial, 0n);
    if (held.money !== initial) findings.lose(`all accounts began with ${initial} together, and hold ${held.money}`);
    return findings.result();
  } finally {
    client.close();
  }
}

/** Money in accounts and under way, and how many transfers each home has executed. */
async function holdings(client: SynodClient, servers: readonly NodeId[]) {
  const executed = new Map<NodeId, number>();
  const count = (owner: NodeId) => executed.set(owner, (executed.get(owner) ?? 0) + 1);
  let money = 0n;
  for (const id of servers) {
    const { balances } = await client.ledger.balanceMap(id);
    for (const { home, spendable } of balances) if (home === id) money += spendable;
    for (const { value } of (await client.ledger.log(id)).entries) {
      count(id);
      money += value.amount;
    }
  }
  for await (const { entries } of client.ledger.blocks(servers[0]!)) for (const { owner } of entries) count(owner);
  return { money, executed };
}

/** Commits reach everybody; what stays different is a finding. */
async function sameHeight(client: SynodClient, servers: readonly NodeId[], findings: Findings): Promise<void> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const reports = await Promise.all(servers.map((id) => client.ledger.status(id)));
    const heads = new Set(reports.map(({ status }) => `${status.height} ${status.hash}`));
    if (heads.size === 1 && reports.every(({ status }) => status.round === undefined && status.undecided === 0)) return;
    if (performance.now() > end) return findings.lose(`the servers end at different blocks: ${[...heads].join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
