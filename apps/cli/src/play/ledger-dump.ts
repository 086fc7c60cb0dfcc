import type { NodeId } from '@synod/kernel';
import type { LedgerBlock, LoggedTransfer, Transfer } from '@synod/ledger';
import type { Change } from '@synod/paxos';
import type { LedgerView } from '../cluster/ledger-view.js';
import { missingBlocks } from '../cluster/missing-blocks.js';
import { isExecuted, type Fate } from './fates.js';

/** A transfer as a dump holds it; `seq`: its owner's number, null if it was not executed. */
export interface DumpedTransfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  readonly seq: number | null;
}

export interface DumpedBlock {
  readonly seq: number;
  readonly ballot: readonly [round: number, server: NodeId];
  readonly hash: string;
  readonly previous: string;
  readonly txs: readonly DumpedTransfer[];
  /** A server that is another from the next block on. */
  readonly change?: Change;
}

/** Everything a checker needs to judge a run: what every server holds, and what every client was told. */
export interface LedgerDump {
  readonly initial: Readonly<Record<string, bigint>>;
  /** null: the disk is lost. */
  readonly servers: Readonly<Record<NodeId, DumpedServer | null>>;
  readonly acked: readonly DumpedTransfer[];
  readonly rejected: readonly string[];
  /** Pending, or of unknown outcome. */
  readonly unknown: readonly DumpedTransfer[];
  readonly submitted: readonly DumpedTransfer[];
}

export interface DumpedServer {
  readonly blocks: readonly DumpedBlock[];
  /** Heights that a snapshot let it skip and that it has not filled in yet; absent if there are none. */
  readonly missing?: readonly [from: number, to: number];
  readonly local: readonly DumpedTransfer[];
  /** Spendable of its own accounts, committed of the others. */
  readonly balances: Readonly<Record<string, bigint>>;
}

/** A transfer that was submitted, and what its client was told of it. */
export interface ToldTransfer {
  readonly transfer: Transfer;
  /** Pending also where nobody knows. */
  readonly fate: Fate;
}

/** `lost`: servers whose disks are. */
export async function dumpLedger(
  view: LedgerView,
  told: Iterable<ToldTransfer>,
  { shortId = (id) => id, lost = new Set() }: { shortId?: (id: string) => string; lost?: ReadonlySet<NodeId> } = {},
): Promise<LedgerDump> {
  const logged = ({ sequence, value: { id, from, to, amount } }: LoggedTransfer): DumpedTransfer => {
    return { id: shortId(id), from, to, amount, seq: sequence };
  };
  const servers: Record<NodeId, DumpedServer | null> = {};
  const sequences = new Map<string, number>();
  for (const server of view.servers) {
    if (lost.has(server)) {
      servers[server] = null;
      continue;
    }
    const height = await view.height(server);
    const blocks: DumpedBlock[] = [];
    for await (const block of view.blocks(server)) blocks.push(dumpBlock(block, logged));
    const heights = blocks.map(({ seq }) => ({ height: seq }));
    const missing = missingBlocks(heights, height);
    const local = (await view.log(server)).entries.map(logged);
    const { balances } = await view.balanceMap(server);
    servers[server] = {
      blocks,
      ...(missing && { missing: [missing.from, missing.to] as const }),
      local,
      balances: Object.fromEntries(balances.map(({ account, spendable }) => [account, spendable])),
    };
    for (const { id, seq } of [...blocks.flatMap(({ txs }) => txs), ...local]) sequences.set(id, seq ?? 0);
  }
  const all = [...told].filter(({ fate }) => fate !== 'skipped');
  const dumped = ({ transfer: { id, from, to, amount } }: ToldTransfer): DumpedTransfer => {
    return { id, from, to, amount, seq: sequences.get(id) ?? null };
  };
  return {
    initial: Object.fromEntries((await view.initialBalances()).map(({ id, initial }) => [id, initial])),
    servers,
    acked: all.filter(({ fate }) => isExecuted(fate)).map(dumped),
    rejected: all.filter(({ fate }) => fate === 'rejected').map(({ transfer }) => transfer.id),
    unknown: all.filter(({ fate }) => fate === 'pending').map(dumped),
    submitted: all.map(dumped),
  };
}

function dumpBlock(block: LedgerBlock, logged: (entry: LoggedTransfer) => DumpedTransfer): DumpedBlock {
  const { height, ballot, hash, previous, entries, change } = block;
  const dumped = {
    seq: height,
    ballot: [ballot.round, ballot.server] as const,
    hash,
    previous,
    txs: entries.map(logged),
  };
  return change ? { ...dumped, change } : dumped;
}
