import { toJson } from '@synod/client';
import type { NodeId } from '@synod/kernel';
import { auditDump } from '../check/audit-dump.js';
import { LedgerView } from '../cluster/ledger-view.js';
import type { LocalCluster } from '../local-cluster/local-cluster.js';
import { dumpLedger, type DumpedServer, type ToldTransfer } from '../play/ledger-dump.js';
import { coveredHeads } from './covered-heads.js';
import type { Tellers } from './tellers.js';

/** What a ledger holds that has come to rest, and what is wrong with it. */
export interface LedgerEvidence {
  /** A ledger dump (docs/formats.md). */
  readonly dump: string;
  readonly problems: readonly string[];
  /** Transfers that were acknowledged, and stood on a lost disk alone. */
  readonly transfersLost: number;
}

/** `lost`: servers without a disk. */
export async function examineLedger(
  local: LocalCluster,
  tellers: Tellers,
  lost: ReadonlySet<NodeId>,
): Promise<LedgerEvidence> {
  const view = new LedgerView(local);
  const left = local.servers.filter((server) => !lost.has(server));
  const { dump, heads } = await atOneHeight(local, left, async () => ({
    dump: await dumpLedger(view, told(tellers), { lost }),
    heads: (await Promise.all(left.map((server) => headsOf(view, server)))).flat(),
  }));
  const text = toJson(dump);
  const chains = left.map((server) => dump.servers[server]!);
  const executed = executedIn(chains);
  const committed = executedIn(chains.map((chain) => ({ ...chain, local: [] })));
  return {
    dump: text,
    problems: [
      ...auditDump(text, local.cluster.ledger.accounts),
      ...left.flatMap((server) =>
        tipOf(dump.servers[server]!) === tipOf(chains[0]!) ? [] : `${server} holds another chain than ${left[0]}`,
      ),
      ...heads,
      ...tellers.contradictions,
      ...tellers.outOfOrder(executed),
      ...tellers.committed.flatMap(({ value }) =>
        committed.has(value.id) ? [] : `${value.id} was answered as committed, and is in no block`,
      ),
    ],
    transfersLost: tellers.executed.filter(({ owner, value }) => lost.has(owner) && !executed.has(value.id)).length,
  };
}

function* told({ fates }: Tellers): Iterable<ToldTransfer> {
  for (const transfer of fates.executed) yield { transfer, fate: 'local' };
  for (const transfer of fates.refused) yield { transfer, fate: 'rejected' };
  for (const transfer of [...fates.pending, ...fates.unknown]) yield { transfer, fate: 'pending' };
}

/** Clients are gone, but a queue may still have a round of its own; everything that changes then changes with a block. */
async function atOneHeight<T>(local: LocalCluster, servers: readonly NodeId[], look: () => Promise<T>): Promise<T> {
  const heights = () => Promise.all(servers.map(async (server) => (await local.ledger.status(server)).status.height));
  for (;;) {
    const before = await heights();
    const found = await look();
    if ((await heights()).join() === before.join()) return found;
  }
}

async function headsOf(view: LedgerView, server: NodeId): Promise<string[]> {
  const { balances } = await view.balanceMap(server);
  const spendable = new Map(balances.map((balance) => [balance.account, balance.spendable]));
  const heads = coveredHeads(await view.log(server), (account) => spendable.get(account) ?? 0n);
  return heads.map(({ id, from }) => `${id} heads the queue of ${from}, and is covered`);
}

function tipOf({ blocks }: DumpedServer): string | undefined {
  return blocks.at(-1)?.hash;
}

/** The number under which each transfer stands in a block or log. */
function executedIn(servers: readonly Pick<DumpedServer, 'blocks' | 'local'>[]): ReadonlyMap<string, number> {
  const executed = new Map<string, number>();
  for (const { blocks, local } of servers) {
    for (const { id, seq } of [...blocks.flatMap(({ txs }) => txs), ...local]) executed.set(id, seq ?? 0);
  }
  return executed;
}
