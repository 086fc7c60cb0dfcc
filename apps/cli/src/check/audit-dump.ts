import type { NodeId } from '@synod/kernel';
import { LedgerAudit, type Account, type LoggedTransfer, type Transfer } from '@synod/ledger';

/** A transfer of a dump that was read back: large amounts are text. */
interface ReadTransfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number | string;
  readonly seq: number | null;
}

/** A ledger dump as it is exchanged (docs/formats.md). */
interface ReadDump {
  readonly initial: Readonly<Record<string, number | string>>;
  readonly servers: Readonly<Record<NodeId, ReadServer | null>>;
  readonly acked: readonly ReadTransfer[];
  readonly rejected: readonly string[];
  readonly unknown: readonly ReadTransfer[];
  readonly submitted: readonly ReadTransfer[];
}

interface ReadServer {
  readonly blocks: readonly {
    readonly seq: number;
    readonly ballot: readonly [number, NodeId];
    readonly hash: string;
    readonly previous: string;
    readonly txs: readonly ReadTransfer[];
    readonly change?: { readonly server: NodeId; readonly disk: string; readonly address: string };
  }[];
  readonly local: readonly ReadTransfer[];
  readonly balances: Readonly<Record<string, number | string>>;
}

/** Holds a dump against what is always true of a ledger (docs/ledger.md); returns what is wrong. */
export function auditDump(json: string, accounts: readonly Account[]): readonly string[] {
  const dump = JSON.parse(json) as ReadDump;
  const homes = new Map(accounts.map(({ id, home }) => [id, home]));
  const audit = new LedgerAudit(accounts);
  const logged = (written: ReadTransfer): LoggedTransfer => {
    return { owner: homes.get(written.from)!, sequence: written.seq ?? 0, value: transferOf(written) };
  };
  for (const [server, holdings] of Object.entries(dump.servers)) {
    for (const { seq, ballot, txs, ...block } of holdings?.blocks ?? []) {
      const [round, proposer] = ballot;
      const entries = txs.map(logged);
      audit.committed(server, { ...block, height: seq, ballot: { round, server: proposer }, entries });
    }
  }
  const replaced = replacedIn(dump);
  for (const transfer of dump.acked) {
    const entry = logged(transfer);
    // What stood only on a disk that is gone has no number any more.
    const isGone = !dump.servers[entry.owner] || replaced.has(entry.owner);
    if (transfer.seq !== null || !isGone) audit.acknowledged(entry);
  }
  const submitted = new Map(dump.submitted.map((transfer) => [transfer.id, transfer]));
  for (const id of dump.rejected) {
    const transfer = transferOf(submitted.get(id)!);
    if (!replaced.has(homes.get(transfer.from)!)) audit.refused(transfer);
  }
  const holdings = Object.entries(dump.servers).map(([server, held]) => {
    if (!held) return [server, undefined] as const;
    const balances = new Map(Object.entries(held.balances).map(([account, balance]) => [account, BigInt(balance)]));
    return [server, { height: held.blocks.length, log: held.local.map(logged), balances }] as const;
  });
  audit.ended(new Map(holdings));
  return [...audit.problems, ...accountedFor(dump), ...initialBalances(dump, accounts)];
}

/** Servers that have another disk than at first: what only the former one held is lost, refusals included. */
function replacedIn({ servers }: ReadDump): ReadonlySet<NodeId> {
  const blocks = Object.values(servers).flatMap((held) => held?.blocks ?? []);
  return new Set(blocks.flatMap(({ change }) => (change ? [change.server] : [])));
}

/** Every transfer that was submitted is in exactly one of the lists. */
function accountedFor({ submitted, acked, rejected, unknown }: ReadDump): string[] {
  const told = [...acked.map(({ id }) => id), ...rejected, ...unknown.map(({ id }) => id)].sort();
  const asked = submitted.map(({ id }) => id).sort();
  return told.join() === asked.join() ? [] : [`${asked.length} were submitted, ${told.length} are accounted for`];
}

function initialBalances({ initial }: ReadDump, accounts: readonly Account[]): string[] {
  return accounts
    .filter(({ id, initial: began }) => BigInt(initial[id] ?? -1) !== began)
    .map(({ id, initial: began }) => `${id} began with ${began}, the dump says ${initial[id]}`);
}

function transferOf({ id, from, to, amount }: ReadTransfer): Transfer {
  return { id, from, to, amount: BigInt(amount) };
}
