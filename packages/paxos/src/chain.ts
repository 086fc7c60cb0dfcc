import { invariant, type NodeId, type RecordReader } from '@synod/kernel';
import { hasItsHash, type Block, type ValueCodec } from './block.js';
import type { PaxosEffects } from './options.js';
import { paxosKeys, type PaxosRecord } from './records.js';

/** The committed chain of one server: its end in memory, its blocks in storage. Blocks are never dropped. */
export class Chain<T> {
  readonly #codec: ValueCodec<T>;
  readonly #reader: RecordReader<PaxosRecord<T>>;
  readonly #sequences = new Map<NodeId, number>();
  #height = 0;
  #hash: string;

  constructor(genesis: string, codec: ValueCodec<T>, reader: RecordReader<PaxosRecord<T>>) {
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
    this.#height = block.height;
    this.#hash = block.hash;
    effects.put(paxosKeys.block(block.height), { kind: 'block', block });
    effects.put(paxosKeys.head, { kind: 'head', height: block.height, hash: block.hash });
    for (const [owner, sequence] of this.#advance(block)) {
      this.#sequences.set(owner, sequence);
      effects.put(paxosKeys.owner(owner), { kind: 'owner', sequence });
    }
  }

  /** Committed blocks from a height on: as many as hold `limit` entries together, at least one if there is one. */
  page(from: number, limit: number, count = Number.POSITIVE_INFINITY): readonly Block<T>[] {
    const blocks: Block<T>[] = [];
    let entries = 0;
    for (let height = Math.max(from, 1); height <= this.#height && blocks.length < count; height++) {
      const block = this.#block(height);
      entries += block.entries.length;
      if (blocks.length > 0 && entries > limit) break;
      blocks.push(block);
    }
    return blocks;
  }

  #block(height: number): Block<T> {
    const record = this.#reader.get(paxosKeys.block(height));
    invariant(record?.kind === 'block', `block ${height} of ${this.#height} is missing in storage`);
    return record.block;
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
