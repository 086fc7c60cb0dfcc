import { invariant, type NodeId, type RecordReader } from '@synod/kernel';
import { hasItsHash, type Block, type ValueCodec } from './block.js';
import type { Snapshot } from './messages.js';
import type { PaxosEffects } from './options.js';
import { paxosKeys, type PaxosRecord } from './records.js';

/** Blocks `from` to `to` are missing; `hash` is that of block `to`. */
export interface MissingBlocks {
  readonly from: number;
  readonly to: number;
  readonly hash: string;
}

/**
 * The committed chain of one server: its end in memory, its blocks in storage. Blocks are never dropped; those that a
 * snapshot let it skip are missing for a while, and filled in from above, each proved by the one that follows it.
 */
export class Chain<T> {
  readonly #codec: ValueCodec<T>;
  readonly #reader: RecordReader<PaxosRecord<T>>;
  readonly #sequences = new Map<NodeId, number>();
  readonly #genesis: string;
  #height = 0;
  #hash: string;
  #missing: MissingBlocks | undefined;

  constructor(genesis: string, codec: ValueCodec<T>, reader: RecordReader<PaxosRecord<T>>) {
    this.#genesis = genesis;
    this.#hash = genesis;
    this.#codec = codec;
    this.#reader = reader;
  }

  recoverHead(height: number, hash: string): void {
    this.#height = height;
    this.#hash = hash;
  }

  recoverOwner(owner: NodeId, sequence: number): void {
    this.#sequences.set(owner, sequence);
  }

  recoverMissing({ from, to, hash }: MissingBlocks): void {
    this.#missing = { from, to, hash };
  }

  /** Committed height; 0 before the first block. */
  get height(): number {
    return this.#height;
  }

  /** Hash of the block at `height`, or of the genesis. */
  get hash(): string {
    return this.#hash;
  }

  /** The highest sequence of `owner` that a block holds; 0 if none. */
  committedSequence(owner: NodeId): number {
    return this.#sequences.get(owner) ?? 0;
  }

  /** The highest sequence of every owner. */
  get sequences(): readonly (readonly [NodeId, number])[] {
    return [...this.#sequences];
  }

  /** How many entries all its blocks hold together. */
  get entries(): number {
    let entries = 0;
    for (const sequence of this.#sequences.values()) entries += sequence;
    return entries;
  }

  /** Blocks that a snapshot let it skip and that are not filled in yet. */
  get missing(): MissingBlocks | undefined {
    return this.#missing;
  }

  /** Whether `block` can stand next: the right height, on this very chain, with the hash it claims. */
  fits(block: Block<T>): boolean {
    return block.height === this.#height + 1 && block.previous === this.#hash && hasItsHash(block, this.#codec);
  }

  append(block: Block<T>, effects: PaxosEffects<T>): void {
    invariant(block.height === this.#height + 1, `block ${block.height} does not follow height ${this.#height}`);
    invariant(
      block.previous === this.#hash,
      `block ${block.height} does not continue this chain: its predecessor is ${block.previous}, ours ${this.#hash}`,
    );
    effects.put(paxosKeys.block(block.height), { kind: 'block', block });
    this.#moveTo(block, this.#advance(block), effects);
  }

  /** Goes on from where another server stands; the blocks up to there are missing from now on. */
  skipTo(head: Pick<Snapshot, 'height' | 'hash' | 'sequences'>, effects: PaxosEffects<T>): void {
    const from = this.#missing?.from ?? this.#height + 1;
    for (const [owner, sequence] of this.#sequences) {
      const then = head.sequences.find(([other]) => other === owner)?.[1] ?? 0;
      invariant(
        then >= sequence,
        `a snapshot of height ${head.height} holds ${then} entries of ${owner}, we ${sequence}`,
      );
    }
    this.#moveTo(head, head.sequences, effects);
    this.#setMissing({ from, to: head.height, hash: head.hash }, effects);
  }

  /**
   * Fills in missing blocks, given from the highest downwards. Each must have the hash that the one above it names;
   * what does not is passed over with all that follows it. Returns how many were filled in.
   */
  fill(blocks: readonly Block<T>[], effects: PaxosEffects<T>): number {
    let missing = this.#missing;
    let filled = 0;
    for (const block of blocks) {
      if (missing?.to !== block.height || missing.hash !== block.hash || !hasItsHash(block, this.#codec)) break;
      effects.put(paxosKeys.block(block.height), { kind: 'block', block });
      const overtaken = paxosKeys.overtaken(block.height);
      if (this.#reader.get(overtaken)) effects.put(overtaken, undefined);
      if (block.height === missing.from) this.#mustContinue(block);
      missing = block.height > missing.from ? { ...missing, to: block.height - 1, hash: block.previous } : undefined;
      filled++;
    }
    if (filled > 0) this.#setMissing(missing, effects);
    return filled;
  }

  /**
   * Committed blocks from a height on, up to the first that is missing: as many as hold `limit` entries together, at
   * least one if there is one.
   */
  page(from: number, limit: number, count = Number.POSITIVE_INFINITY): readonly Block<T>[] {
    const first = Math.max(from, 1);
    const last = this.#missing && first <= this.#missing.to ? this.#missing.from - 1 : this.#height;
    return page(limit, (i) => (first + i <= last && i < count ? this.#block(first + i) : undefined));
  }

  /** Blocks from a height downwards, those included that may not be the chosen ones: `fill` tells. */
  pageDown(from: number, limit: number): readonly Block<T>[] {
    return page(limit, (i) => {
      const block = this.#reader.get(paxosKeys.block(from - i)) ?? this.#reader.get(paxosKeys.overtaken(from - i));
      return block?.kind === 'block' || block?.kind === 'accepted' ? block.block : undefined;
    });
  }

  #block(height: number): Block<T> {
    const record = this.#reader.get(paxosKeys.block(height));
    invariant(record?.kind === 'block', `block ${height} of ${this.#height} is missing in storage`);
    return record.block;
  }

  #moveTo(
    { height, hash }: { readonly height: number; readonly hash: string },
    sequences: Iterable<readonly [NodeId, number]>,
    effects: PaxosEffects<T>,
  ): void {
    this.#height = height;
    this.#hash = hash;
    effects.put(paxosKeys.head, { kind: 'head', height, hash });
    for (const [owner, sequence] of sequences) {
      this.#sequences.set(owner, sequence);
      effects.put(paxosKeys.owner(owner), { kind: 'owner', sequence });
    }
  }

  #setMissing(missing: MissingBlocks | undefined, effects: PaxosEffects<T>): void {
    this.#missing = missing;
    effects.put(paxosKeys.missing, missing && { kind: 'missing', ...missing });
  }

  /** The lowest block that was missing stands on our own chain, or the snapshot was of another one. */
  #mustContinue(block: Block<T>): void {
    const own = block.height === 1 ? this.#genesis : this.#block(block.height - 1).hash;
    invariant(
      block.previous === own,
      `block ${block.height} does not continue this chain: its predecessor is ${block.previous}, ours ${own}`,
    );
  }

  /** The owners a block moves on; each of its entries must be the next of its owner. */
  #advance(block: Block<T>): Map<NodeId, number> {
    const moved = new Map<NodeId, number>();
    for (const { owner, sequence } of block.entries) {
      const before = moved.get(owner) ?? this.committedSequence(owner);
      invariant(sequence === before + 1, `block ${block.height} holds ${owner}'s entry ${sequence} after ${before}`);
      moved.set(owner, sequence);
    }
    return moved;
  }
}

/** The blocks that `at` finds at 0, 1, 2 …, as many as hold `limit` entries together, at least one if there is one. */
function page<T>(limit: number, at: (i: number) => Block<T> | undefined): Block<T>[] {
  const blocks: Block<T>[] = [];
  let entries = 0;
  for (let block = at(0); block; block = at(blocks.length)) {
    entries += block.entries.length;
    if (blocks.length > 0 && entries > limit) break;
    blocks.push(block);
  }
  return blocks;
}
