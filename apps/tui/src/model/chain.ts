import type { NodeId } from '@synod/kernel';
import type { LedgerBlock } from '@synod/ledger';
import { Sequence } from './sequence.js';

/** A block without its transfers: what is kept of all blocks. */
export interface BlockSummary extends Omit<LedgerBlock, 'entries'> {
  readonly transfers: number;
  /** How many of them are whose, in natural order of the owners. */
  readonly contributions: readonly { readonly owner: NodeId; readonly transfers: number }[];
}

/** Two servers committed different blocks at one height: this must never be. */
export interface Fork {
  readonly height: number;
  readonly server: NodeId;
  /** The hash that this server has. */
  readonly hash: string;
  /** The hash that was seen before. */
  readonly known: string;
}

/**
 * The one chain that all servers have prefixes of, as far as it was fetched: whoever connects to ten thousand blocks
 * fetches those it looks at.
 */
export interface Chain {
  /** By height - 1; undefined: not fetched. */
  readonly blocks: Sequence<BlockSummary | undefined>;
  /** The transfers of the blocks that came last, by height. */
  readonly entries: ReadonlyMap<number, LedgerBlock['entries']>;
  readonly forks: readonly Fork[];
}

export const emptyChain: Chain = { blocks: Sequence.empty(), entries: new Map(), forks: [] };

/** Blocks whose transfers are kept, at most, and their transfers together; the latest stays whatever its length. */
const keptBlocks = 256;
const keptTransfers = 100_000;

/** With blocks that a server holds. */
export function addBlocks(chain: Chain, server: NodeId, added: readonly LedgerBlock[]): Chain {
  const entries = new Map(chain.entries);
  let { blocks, forks } = chain;
  for (const block of added) {
    forks = checkFork({ ...chain, blocks, forks }, server, block.height, block.hash).forks;
    while (blocks.length < block.height) blocks = blocks.append(undefined);
    blocks = blocks.with(block.height - 1, summarise(block));
    entries.delete(block.height);
    entries.set(block.height, block.entries);
  }
  forget(entries);
  return { blocks, entries, forks };
}

/** A server says which hash its block at a height has. */
export function checkFork(chain: Chain, server: NodeId, height: number, hash: string): Chain {
  const known = chain.blocks.at(height - 1)?.hash;
  const isKnown = chain.forks.some((fork) => fork.height === height && fork.server === server);
  if (known === undefined || known === hash || isKnown) return chain;
  return { ...chain, forks: [...chain.forks, { height, server, hash, known }] };
}

function summarise({ entries, ...block }: LedgerBlock): BlockSummary {
  const counts = new Map<NodeId, number>();
  for (const { owner } of entries) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  const contributions = [...counts].map(([owner, transfers]) => ({ owner, transfers }));
  return { ...block, transfers: entries.length, contributions };
}

function forget(entries: Map<number, LedgerBlock['entries']>): void {
  let transfers = 0;
  for (const some of entries.values()) transfers += some.length;
  for (const [height, some] of entries) {
    if (entries.size === 1 || (entries.size <= keptBlocks && transfers <= keptTransfers)) return;
    entries.delete(height);
    transfers -= some.length;
  }
}
