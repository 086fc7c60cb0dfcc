import type { NodeId } from '@synod/kernel';
import {
  LedgerAudit,
  type BalanceMap,
  type Holdings,
  type LedgerBlock,
  type LocalLog,
  type LoggedTransfer,
  type Transfer,
} from '@synod/ledger';
import type { LocalCluster } from '../local-cluster/local-cluster.js';
import { coveredHeads } from '../torture/covered-heads.js';

/** What clients were told. */
export interface Told {
  readonly executed: readonly LoggedTransfer[];
  readonly refused: readonly Transfer[];
}

/** Everything one server shows. */
interface Shown {
  readonly server: NodeId;
  readonly blocks: readonly LedgerBlock[];
  readonly log: LocalLog;
  readonly map: BalanceMap;
}

/**
 * Holds a healed cluster against what is always true of it (docs/ledger.md), and against what its clients were told;
 * returns what is wrong.
 */
export async function auditCluster(cluster: LocalCluster, { executed, refused }: Told): Promise<readonly string[]> {
  const audit = new LedgerAudit(cluster.cluster.ledger.accounts);
  const holdings = new Map<NodeId, Holdings>();
  const more: string[] = [];
  for (const { server, blocks, log, map } of await atOneMoment(cluster)) {
    for (const block of blocks) audit.committed(server, block);
    const last = blocks.at(-1);
    const balances = new Map(map.balances.map(({ account, spendable }) => [account, spendable]));
    holdings.set(server, { height: last?.height ?? 0, log: log.entries, balances });
    if (last?.hash !== audit.chain.at(-1)?.hash) more.push(`${server} ends with block ${last?.height}`);
    for (const { id, from } of coveredHeads(log, (account) => balances.get(account)!)) {
      more.push(`${id} heads the queue of ${from}, and is covered`);
    }
  }
  for (const entry of executed) audit.acknowledged(entry);
  for (const transfer of refused) audit.refused(transfer);
  audit.ended(holdings);
  return [...audit.problems, ...more];
}

/**
 * What all servers show at one height: clients are gone, but a queue may still have a round of its own, and everything
 * that changes then changes with a block.
 */
async function atOneMoment(cluster: LocalCluster): Promise<Shown[]> {
  for (;;) {
    const shown: Shown[] = [];
    for (const server of cluster.servers) {
      const log = await cluster.ledger.log(server);
      const map = await cluster.ledger.balanceMap(server);
      const blocks: LedgerBlock[] = [];
      for await (const block of cluster.ledger.blocks(server)) blocks.push(block);
      shown.push({ server, blocks, log, map });
    }
    const heights = shown.flatMap(({ blocks, log, map }) => [blocks.length, log.height, map.height]);
    if (heights.every((height) => height === heights[0])) return shown;
  }
}
