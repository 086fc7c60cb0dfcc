import { compareNatural, SynodError, type NodeId } from '@synod/kernel';
import type { AccountId, LedgerBlock, LocalLog, LoggedTransfer } from '@synod/ledger';

/** Where a settlement reads: every server, alive or not. */
export interface LedgerSource {
  readonly servers: readonly NodeId[];
  height(server: NodeId): Promise<number>;
  blocks(server: NodeId, from: number): AsyncIterable<LedgerBlock>;
  log(server: NodeId, after: number): Promise<LocalLog>;
}

/**
 * The balances when all executed transfers count, credits too: the committed blocks of the longest chain and every
 * server's local log, each (owner, sequence) once. Reads only what is new since the last look.
 */
export class Settlement {
  readonly #balances: Map<AccountId, bigint>;
  /** The last sequence of each owner that is counted. */
  readonly #counted = new Map<NodeId, number>();
  #height = 0;

  constructor(accounts: readonly { readonly id: AccountId; readonly initial: bigint }[]) {
    const inOrder = [...accounts].sort((a, b) => compareNatural(a.id, b.id));
    this.#balances = new Map(inOrder.map(({ id, initial }) => [id, initial]));
  }

  /** In natural order of the accounts. */
  get balances(): ReadonlyMap<AccountId, bigint> {
    return this.#balances;
  }

  async update(source: LedgerSource): Promise<void> {
    await this.#readBlocks(source);
    for (const server of source.servers) {
      const { entries } = await source.log(server, this.#counted.get(server) ?? 0);
      for (const entry of entries) this.#count(entry);
    }
  }

  /** From the longest chain; what a snapshot let its server skip, from the others. */
  async #readBlocks(source: LedgerSource): Promise<void> {
    const heights = await Promise.all(source.servers.map((server) => source.height(server)));
    const highest = Math.max(0, ...heights);
    const byHeight = [...source.servers.entries()].sort(([a], [b]) => heights[b]! - heights[a]!);
    for (let before = -1; before < this.#height && this.#height < highest;) {
      before = this.#height;
      for (const [, server] of byHeight) if (this.#height < highest) await this.#readFrom(source, server);
    }
    if (this.#height >= highest) return;
    throw new SynodError('unavailable', `no server has filled in block ${this.#height + 1} of ${highest} yet`);
  }

  async #readFrom(source: LedgerSource, server: NodeId): Promise<void> {
    for await (const block of source.blocks(server, this.#height + 1)) {
      if (block.height !== this.#height + 1) return;
      this.#height = block.height;
      for (const entry of block.entries) this.#count(entry);
    }
  }

  #count({ owner, sequence, value: { from, to, amount } }: LoggedTransfer): void {
    if (sequence <= (this.#counted.get(owner) ?? 0)) return;
    this.#counted.set(owner, sequence);
    this.#balances.set(from, (this.#balances.get(from) ?? 0n) - amount);
    this.#balances.set(to, (this.#balances.get(to) ?? 0n) + amount);
  }
}
