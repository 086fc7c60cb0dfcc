import { compareNatural, type NodeId } from '@synod/kernel';
import type { Account, AccountId, ShortPolicy } from '@synod/ledger';
import type { FileTransfer, TransactionFile, TransactionSet } from '@synod/ledger/file';
import type { Fate } from '../play/fates.js';
import type { SetResult } from '../play/run-result.js';

export interface PaperOptions {
  readonly servers: readonly NodeId[];
  readonly accounts: readonly Account[];
  readonly short: ShortPolicy;
}

/**
 * What a transaction file leaves, computed from its rules alone (docs/formats.md): no messages, no
 * ballots, no disks. Blocks are lists of transfers, a round takes all logs of the live servers. Servers do not crash.
 */
export function playOnPaper(file: TransactionFile, options: PaperOptions): SetResult[] {
  const model = new Model(options);
  return file.sets.map((set) => model.play(set));
}

/** Servers that are each the home of one account of their name. */
export function ownAccounts(servers: readonly NodeId[], initial: bigint): Account[] {
  return servers.map((id) => ({ id, home: id, initial }));
}

interface PaperServer {
  readonly id: NodeId;
  height: number;
  readonly committed: Map<AccountId, bigint>;
  log: FileTransfer[];
}

class Model {
  readonly #servers: readonly PaperServer[];
  readonly #accounts: readonly Account[];
  readonly #queues: ReadonlyMap<AccountId, FileTransfer[]>;
  readonly #short: ShortPolicy;
  readonly #chain: FileTransfer[][] = [];
  readonly #fates = new Map<string, Fate>();

  constructor({ servers, accounts, short }: PaperOptions) {
    this.#short = short;
    this.#accounts = [...accounts].sort((a, b) => compareNatural(a.id, b.id));
    this.#queues = new Map(this.#accounts.map(({ id }) => [id, []]));
    this.#servers = [...servers].sort(compareNatural).map((id) => {
      return { id, height: 0, committed: this.#initial(), log: [] };
    });
  }

  play(set: TransactionSet): SetResult {
    const live = this.#servers.filter(({ id }) => set.live.includes(id));
    const pendingBefore = new Set(this.#pending());
    this.#catchUp(live, Math.max(...live.map(({ height }) => height)));
    for (const { id } of this.#accounts) this.#attemptQueue(id, live);
    for (const transfer of set.transfers) this.#fates.set(transfer.id, this.#transfer(transfer, live));
    return this.#result(set, pendingBefore);
  }

  #transfer(transfer: FileTransfer, live: readonly PaperServer[]): Fate {
    const home = this.#home(transfer.from);
    if (!live.includes(home)) return 'skipped';
    if (transfer.amount > this.#accounts.reduce((sum, { initial }) => sum + initial, 0n)) return 'rejected';
    const queue = this.#queues.get(transfer.from)!;
    if (queue.length === 0) {
      if (this.#covers(transfer)) {
        home.log.push(transfer);
        return 'local';
      }
      if (this.#hasMajority(live)) this.#round(live);
      if (this.#covers(transfer)) {
        home.log.push(transfer);
        return 'consensus';
      }
      if (this.#short === 'reject') return 'rejected';
    }
    queue.push(transfer);
    return 'pending';
  }

  /** While the head executes, which the block does, the next one is attempted. */
  #attemptQueue(account: AccountId, live: readonly PaperServer[]): void {
    if (!live.includes(this.#home(account)) || !this.#hasMajority(live)) return;
    const queue = this.#queues.get(account)!;
    for (let before = Infinity; queue.length > 0 && queue.length < before;) {
      before = queue.length;
      this.#round(live);
    }
  }

  /** A majority of all servers holds the longest chain, so one of `live` does. */
  #round(live: readonly PaperServer[]): void {
    const block = live.flatMap(({ log }) => log);
    if (block.length > 0) this.#catchUp(live, this.#chain.push(block));
  }

  #catchUp(servers: readonly PaperServer[], height: number): void {
    for (const server of servers) while (server.height < height) this.#apply(server, this.#chain[server.height]!);
  }

  /** The block, then in the same step those heads of the server's queues that it covers. */
  #apply(server: PaperServer, block: readonly FileTransfer[]): void {
    server.height++;
    move(server.committed, block);
    server.log = server.log.filter((transfer) => !block.includes(transfer));
    for (const { id, home } of this.#accounts) {
      const queue = this.#queues.get(id)!;
      while (home === server.id && queue[0] && this.#covers(queue[0])) server.log.push(queue.shift()!);
    }
  }

  #covers({ from, amount }: FileTransfer): boolean {
    return this.#spendable(from) >= amount;
  }

  #spendable(account: AccountId): bigint {
    const { committed, log } = this.#home(account);
    return log
      .filter(({ from }) => from === account)
      .reduce((rest, { amount }) => rest - amount, committed.get(account)!);
  }

  #hasMajority(live: readonly PaperServer[]): boolean {
    return live.length > this.#servers.length / 2;
  }

  #home(account: AccountId): PaperServer {
    const { home } = this.#accounts.find(({ id }) => id === account)!;
    return this.#servers.find(({ id }) => id === home)!;
  }

  #initial(): Map<AccountId, bigint> {
    return new Map(this.#accounts.map(({ id, initial }) => [id, initial]));
  }

  #pending(): string[] {
    return [...this.#queues.values()].flatMap((queue) => queue.map(({ id }) => id));
  }

  #result(set: TransactionSet, pendingBefore: ReadonlySet<string>): SetResult {
    const pending = this.#pending();
    const late: Record<string, Fate> = {};
    for (const [id, fate] of this.#fates) {
      if (fate !== 'pending' || pending.includes(id)) continue;
      this.#fates.set(id, 'consensus');
      if (pendingBefore.has(id)) late[id] = 'consensus';
    }
    const settled = this.#initial();
    move(settled, [...this.#chain.flat(), ...this.#servers.flatMap(({ log }) => log)]);
    return {
      set: set.set,
      live: set.live,
      status: Object.fromEntries(set.transfers.map(({ id }) => [id, this.#fates.get(id)!])),
      ...(Object.keys(late).length > 0 ? { late } : {}),
      own: Object.fromEntries(this.#accounts.map(({ id }) => [id, this.#spendable(id)])),
      map: Object.fromEntries(this.#servers.map((server) => [server.id, this.#viewOf(server)])),
      settled: Object.fromEntries(settled),
      pending,
      blocks: Object.fromEntries(this.#servers.map(({ id, height }) => [id, height])),
    };
  }

  #viewOf({ id: server, committed }: PaperServer): Record<AccountId, bigint> {
    return Object.fromEntries(
      this.#accounts.map(({ id, home }) => [id, home === server ? this.#spendable(id) : committed.get(id)!]),
    );
  }
}

function move(balances: Map<AccountId, bigint>, transfers: readonly FileTransfer[]): void {
  for (const { from, to, amount } of transfers) {
    balances.set(from, balances.get(from)! - amount);
    balances.set(to, balances.get(to)! + amount);
  }
}
