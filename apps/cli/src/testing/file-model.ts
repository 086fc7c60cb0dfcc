import { compareNatural, type NodeId } from '@synod/kernel';
import type { ShortPolicy } from '@synod/ledger';
import type { FileTransfer, TransactionFile, TransactionSet } from '@synod/ledger/file';
import type { Fate } from '../play/fates.js';
import type { SetResult } from '../play/run-result.js';

/**
 * What a transaction file leaves, computed from its rules alone: no messages, no ballots, no disks. Blocks are lists of
 * transfers, a round takes all logs of the live servers. Servers do not crash, and every server is the home of the one
 * account of its name.
 */
export function playOnPaper(
  file: TransactionFile,
  options: { servers: readonly NodeId[]; initial: bigint; short: ShortPolicy },
): SetResult[] {
  const model = new Model(options.servers, options.initial, options.short);
  return file.sets.map((set) => model.play(set));
}

interface PaperServer {
  readonly id: NodeId;
  height: number;
  readonly committed: Map<string, bigint>;
  log: FileTransfer[];
  queue: FileTransfer[];
}

class Model {
  readonly #servers: PaperServer[];
  readonly #short: ShortPolicy;
  readonly #initial: bigint;
  readonly #chain: FileTransfer[][] = [];
  readonly #fates = new Map<string, Fate>();

  constructor(servers: readonly NodeId[], initial: bigint, short: ShortPolicy) {
    this.#short = short;
    this.#initial = initial;
    const inOrder = [...servers].sort(compareNatural);
    this.#servers = inOrder.map((id) => {
      return { id, height: 0, committed: new Map(inOrder.map((account) => [account, initial])), log: [], queue: [] };
    });
  }

  play(set: TransactionSet): SetResult {
    const live = this.#servers.filter(({ id }) => set.live.includes(id));
    const pendingBefore = new Set(this.#pending());
    this.#exchange(live);
    for (const server of live) this.#attemptQueue(server, live);
    for (const transfer of set.transfers) this.#fates.set(transfer.id, this.#transfer(transfer, live));
    return this.#result(set, pendingBefore);
  }

  #transfer(transfer: FileTransfer, live: PaperServer[]): Fate {
    const home = live.find(({ id }) => id === transfer.from);
    if (!home) return 'skipped';
    if (transfer.amount > this.#initial * BigInt(this.#servers.length)) return 'rejected';
    if (this.#short === 'queue' && home.queue.length > 0) {
      home.queue.push(transfer);
      return 'pending';
    }
    if (this.#covers(home, transfer)) {
      home.log.push(transfer);
      return 'local';
    }
    if (this.#hasMajority(live)) this.#round(live);
    if (this.#hasMajority(live) && this.#covers(home, transfer)) {
      home.log.push(transfer);
      return 'consensus';
    }
    if (this.#short === 'reject') return 'rejected';
    home.queue.push(transfer);
    return 'pending';
  }

  /** Heads that a block covers are executed with it; what is left is attempted like a new transfer. */
  #attemptQueue(server: PaperServer, live: PaperServer[]): void {
    while (server.queue.length > 0 && this.#hasMajority(live)) {
      const before = server.queue.length;
      this.#round(live);
      if (server.queue.length === before) return;
    }
  }

  #round(live: PaperServer[]): void {
    const block = live.flatMap(({ log }) => log);
    if (block.length === 0) return;
    this.#chain.push(block);
    this.#exchange(live);
  }

  #exchange(live: PaperServer[]): void {
    const highest = Math.max(...live.map(({ height }) => height), this.#longestAmong(live));
    for (const server of live) while (server.height < highest) this.#apply(server, this.#chain[server.height]!);
  }

  /** A block that was just proposed belongs to the live servers, whatever heights they had. */
  #longestAmong(live: PaperServer[]): number {
    const everybody = Math.max(...this.#servers.map(({ height }) => height));
    return this.#chain.length > everybody && live.length > 0 ? this.#chain.length : 0;
  }

  #apply(server: PaperServer, block: readonly FileTransfer[]): void {
    server.height++;
    for (const { from, to, amount } of block) {
      server.committed.set(from, server.committed.get(from)! - amount);
      server.committed.set(to, server.committed.get(to)! + amount);
    }
    server.log = server.log.filter((transfer) => !block.includes(transfer));
    while (server.queue[0] && this.#covers(server, server.queue[0])) server.log.push(server.queue.shift()!);
  }

  #covers(server: PaperServer, { amount }: FileTransfer): boolean {
    return this.#spendable(server) >= amount;
  }

  #spendable({ id, committed, log }: PaperServer): bigint {
    return log.reduce((rest, { amount }) => rest - amount, committed.get(id)!);
  }

  #hasMajority(live: PaperServer[]): boolean {
    return live.length > this.#servers.length / 2;
  }

  #pending(): string[] {
    return this.#servers.flatMap(({ queue }) => queue.map(({ id }) => id));
  }

  #result(set: TransactionSet, pendingBefore: ReadonlySet<string>): SetResult {
    const pending = this.#pending();
    const late: Record<string, Fate> = {};
    for (const [id, fate] of this.#fates) {
      if (fate !== 'pending' || pending.includes(id)) continue;
      this.#fates.set(id, 'consensus');
      if (pendingBefore.has(id)) late[id] = 'consensus';
    }
    const settled = new Map(this.#servers.map(({ id }) => [id, this.#initial]));
    for (const { from, to, amount } of [...this.#chain.flat(), ...this.#servers.flatMap(({ log }) => log)]) {
      settled.set(from, settled.get(from)! - amount);
      settled.set(to, settled.get(to)! + amount);
    }
    const each = <T>(value: (server: PaperServer) => T) => {
      return Object.fromEntries(this.#servers.map((server) => [server.id, value(server)]));
    };
    return {
      set: set.set,
      live: set.live,
      status: Object.fromEntries(set.transfers.map(({ id }) => [id, this.#fates.get(id)!])),
      ...(Object.keys(late).length > 0 ? { late } : {}),
      own: each((server) => this.#spendable(server)),
      map: each((server) => ({ ...Object.fromEntries(server.committed), [server.id]: this.#spendable(server) })),
      settled: Object.fromEntries(settled),
      pending,
      blocks: each(({ height }) => height),
    };
  }
}
