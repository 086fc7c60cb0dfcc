import type { NodeId } from '@synod/kernel';
import { LedgerAudit, type Holdings, type LoggedTransfer, type Transfer } from '@synod/ledger';
import type { LocalCluster } from '../local-cluster/local-cluster.js';

/** What clients were told. */
export interface Told {
  readonly executed: readonly LoggedTransfer[];
  readonly refused: readonly Transfer[];
}

/**
 * Holds a healed cluster at rest against what is always true of it (docs/protocols.md, section 2), and against what
 * its clients were told; returns what is wrong.
 */
export async function auditCluster(cluster: LocalCluster, { executed, refused }: Told): Promise<readonly string[]> {
  const audit = new LedgerAudit(cluster.cluster.ledger.accounts);
  const holdings = new Map<NodeId, Holdings>();
  const more: string[] = [];
  for (const server of cluster.servers) {
    let last = cluster.cluster.ledger.genesis;
    let height = 0;
    for await (const block of cluster.ledger.blocks(server)) {
      audit.committed(server, block);
      last = block.hash;
      height = block.height;
    }
    const log = await cluster.ledger.log(server);
    const map = await cluster.ledger.balanceMap(server);
    const balances = new Map(map.balances.map(({ account, spendable }) => [account, spendable]));
    holdings.set(server, { height, log: log.entries, balances });
    if (last !== (audit.chain.at(-1)?.hash ?? last)) more.push(`${server} ends with block ${height}`);
    for (const [i, { id, from, amount }] of log.pending.entries()) {
      const isHead = log.pending.findIndex((other) => other.from === from) === i;
      if (isHead && balances.get(from)! >= amount) more.push(`${id} heads the queue of ${from}, and is covered`);
    }
  }
  for (const entry of executed) audit.acknowledged(entry);
  for (const transfer of refused) audit.refused(transfer);
  audit.ended(holdings);
  return [...audit.problems, ...more];
}
