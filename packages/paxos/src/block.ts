import { hash as digest } from 'node:crypto';
import { ByteWriter, compareNatural, type ByteReader, type NodeId } from '@synod/kernel';
import type { Ballot } from './ballot.js';

/** One contribution: the `sequence`-th that its owner ever appended to its local log, from 1, without gaps. */
export interface Entry<T> {
  readonly owner: NodeId;
  readonly sequence: number;
  readonly value: T;
}

/** Gives a server another disk and address: decided like entries, by the block that carries it. */
export interface Change {
  readonly server: NodeId;
  /** The identity of its new disk: 16 hexadecimal digits. */
  readonly disk: string;
  /** Where its peers reach it from then on, `host:port`. */
  readonly address: string;
}

/**
 * The value chosen by the Paxos instance of one height. Its ballot is that of its *first* proposal and part of its
 * hash: a proposer that takes the block over never rewrites it, or two servers could commit the same entries under
 * two hashes. The ballot under which it is accepted is kept beside the block.
 */
export interface Block<T> {
  /** From 1, without gaps. */
  readonly height: number;
  /** Hash of the block before it, or of the genesis. Hexadecimal SHA-256. */
  readonly previous: string;
  /** The ballot of its first proposal; `ballot.server` is the proposer. */
  readonly ballot: Ballot;
  /** By owner in natural order, then by sequence. Empty only beside a change. */
  readonly entries: readonly Entry<T>[];
  /** Who is another from the next height on. */
  readonly change?: Change;
  /** Hexadecimal SHA-256 of all the above in canonical bytes. */
  readonly hash: string;
}

/** All of a block that its hash covers. */
export type BlockContent<T> = Omit<Block<T>, 'hash'>;

/** The canonical bytes of the values in a block. Equal values give equal bytes, on every node. */
export interface ValueCodec<T> {
  write(writer: ByteWriter, value: T): void;
  read(reader: ByteReader): T;
}

/**
 * What the hash of a block was made of, for as long as the block is in memory: it is stored twice, as accepted and as
 * committed, and to write a hundred thousand entries takes longer than to hash them. Blocks are never changed.
 */
const contents = new WeakMap<Block<unknown>, Uint8Array>();

/** Makes a block and its hash. Sorts the entries. */
export function makeBlock<T>(content: BlockContent<T>, codec: ValueCodec<T>): Block<T> {
  const sorted = { ...content, entries: [...content.entries].sort(compareEntries) };
  const bytes = bytesOf(sorted, codec);
  const block = { ...sorted, hash: hashOf(bytes) };
  contents.set(block, bytes);
  return block;
}

/** Whether a block that arrived from elsewhere has the hash it claims. */
export function hasItsHash<T>(block: Block<T>, codec: ValueCodec<T>): boolean {
  const bytes = bytesOf(block, codec);
  contents.set(block, bytes);
  return hashOf(bytes) === block.hash;
}

export function compareEntries(a: Entry<unknown>, b: Entry<unknown>): number {
  return a.owner === b.owner ? a.sequence - b.sequence : compareNatural(a.owner, b.owner);
}

export function writeBlock<T>(writer: ByteWriter, block: Block<T>, codec: ValueCodec<T>): void {
  const bytes = contents.get(block);
  if (bytes) writer.raw(bytes);
  else writeContent(writer, block, codec);
  writer.text(block.hash);
}

export function readBlock<T>(reader: ByteReader, codec: ValueCodec<T>): Block<T> {
  const first = reader.number();
  const change = first === changeFollows ? readChange(reader) : undefined;
  const height = change ? reader.number() : first;
  const previous = reader.text();
  const ballot = readBallot(reader);
  const count = reader.number();
  const entries: Entry<T>[] = [];
  for (let i = 0; i < count; i++) entries.push(readEntry(reader, codec));
  return { height, previous, ballot, entries, ...(change && { change }), hash: reader.text() };
}

export function writeBallot(writer: ByteWriter, ballot: Ballot): void {
  writer.number(ballot.round).text(ballot.server);
}

export function readBallot(reader: ByteReader): Ballot {
  return { round: reader.number(), server: reader.text() };
}

export function writeEntry<T>(writer: ByteWriter, entry: Entry<T>, codec: ValueCodec<T>): void {
  writer.text(entry.owner).number(entry.sequence);
  codec.write(writer, entry.value);
}

export function readEntry<T>(reader: ByteReader, codec: ValueCodec<T>): Entry<T> {
  return { owner: reader.text(), sequence: reader.number(), value: codec.read(reader) };
}

function bytesOf<T>(content: BlockContent<T>, codec: ValueCodec<T>): Uint8Array {
  const writer = new ByteWriter(64 + content.entries.length * 64);
  writeContent(writer, content, codec);
  return writer.finish();
}

function hashOf(bytes: Uint8Array): string {
  return digest('sha256', bytes, 'hex');
}

/** Stands where a height does, which is never 0: blocks without a change have the bytes they always had. */
const changeFollows = 0;

function readChange(reader: ByteReader): Change {
  return { server: reader.text(), disk: reader.text(), address: reader.text() };
}

function writeContent<T>(writer: ByteWriter, block: BlockContent<T>, codec: ValueCodec<T>): void {
  const { change } = block;
  if (change) writer.number(changeFollows).text(change.server).text(change.disk).text(change.address);
  writer.number(block.height).text(block.previous);
  writeBallot(writer, block.ballot);
  writer.number(block.entries.length);
  for (const entry of block.entries) writeEntry(writer, entry, codec);
}
