import { SynodError, type ByteReader, type ByteWriter, type NodeId } from '@synod/kernel';
import type { Ballot } from './ballot.js';
import {
  readBallot,
  readBlock,
  readEntry,
  writeBallot,
  writeBlock,
  writeEntry,
  type Block,
  type Entry,
  type ValueCodec,
} from './block.js';
import type { Member } from './member.js';

/**
 * How a disk came by its part. `new`: not known to enough peers yet. `replacement`: waits for the block that names it.
 * `established`: takes part, until a block names another one.
 */
export type DiskStanding = 'new' | 'established' | 'replacement';

/** What Paxos keeps on disk. */
export type PaxosRecord<T> =
  /** The highest round this server may have made a ballot with. */
  | { readonly kind: 'round'; readonly round: number }
  | { readonly kind: 'promised'; readonly ballot: Ballot; readonly height: number }
  | { readonly kind: 'accepted'; readonly ballot: Ballot; readonly block: Block<T> }
  /** The end of the committed chain. */
  | { readonly kind: 'head'; readonly height: number; readonly hash: string }
  /** The highest sequence of one owner that a block holds. */
  | { readonly kind: 'owner'; readonly sequence: number }
  | { readonly kind: 'entry'; readonly entry: Entry<T> }
  | { readonly kind: 'block'; readonly block: Block<T> }
  /** The identity of this disk. */
  | { readonly kind: 'identity'; readonly identity: string; readonly standing: DiskStanding }
  /** The identity of a peer's disk. */
  | { readonly kind: 'peer'; readonly identity: string }
  /** The heights whose blocks a snapshot let this server skip, not filled in yet; `hash`: that of block `to`. */
  | { readonly kind: 'missing'; readonly from: number; readonly to: number; readonly hash: string }
  /** Who a replaced server is, as the chain says. */
  | ({ readonly kind: 'member' } & Member);

/** Where each record lives. Everything but blocks, committed or overtaken, is read when a server starts. */
export const paxosKeys = {
  round: 'state/paxos/round',
  promised: 'state/paxos/promised',
  accepted: 'state/paxos/accepted',
  head: 'state/paxos/head',
  missing: 'state/paxos/missing',
  identity: 'state/paxos/identity',
  owner: (owner: NodeId) => `state/paxos/owner/${encodeURIComponent(owner)}`,
  peer: (peer: NodeId) => `state/paxos/peer/${encodeURIComponent(peer)}`,
  member: (server: NodeId) => `state/paxos/member/${encodeURIComponent(server)}`,
  entry: (sequence: number) => `state/log/${hex(sequence)}`,
  block: (height: number) => `block/${hex(height)}`,
  /** A block that was accepted, but that a snapshot overtook: perhaps the chosen one. */
  overtaken: (height: number) => `overtaken/${hex(height)}`,
};

/** The node whose name ends this key. */
export function nodeOfKey(key: string): NodeId {
  return decodeURIComponent(key.slice(key.lastIndexOf('/') + 1));
}

/** The range of keys a server reads at start. */
export const liveKeys = { from: 'state/', to: 'state0' } as const;

const kinds = [
  'round',
  'promised',
  'accepted',
  'head',
  'owner',
  'entry',
  'block',
  'identity',
  'peer',
  'missing',
  'member',
] as const;
/** By the number that is written for it. */
const standings: readonly DiskStanding[] = ['new', 'established', 'replacement'];

/** Writes a record as a kind number and its fields. */
export function writePaxosRecord<T>(writer: ByteWriter, record: PaxosRecord<T>, codec: ValueCodec<T>): void {
  writer.number(kinds.indexOf(record.kind));
  switch (record.kind) {
    case 'round':
      writer.number(record.round);
      break;
    case 'promised':
      writeBallot(writer, record.ballot);
      writer.number(record.height);
      break;
    case 'accepted':
      writeBallot(writer, record.ballot);
      writeBlock(writer, record.block, codec);
      break;
    case 'head':
      writer.number(record.height).text(record.hash);
      break;
    case 'owner':
      writer.number(record.sequence);
      break;
    case 'entry':
      writeEntry(writer, record.entry, codec);
      break;
    case 'block':
      writeBlock(writer, record.block, codec);
      break;
    case 'identity':
      writer.text(record.identity).number(standings.indexOf(record.standing));
      break;
    case 'peer':
      writer.text(record.identity);
      break;
    case 'missing':
      writer.number(record.from).number(record.to).text(record.hash);
      break;
    case 'member':
      writer.number(record.height).text(record.disk).text(record.address).number(record.sequence);
      break;
  }
}

export function readPaxosRecord<T>(reader: ByteReader, codec: ValueCodec<T>): PaxosRecord<T> {
  const kind = kinds[reader.number()];
  if (kind === undefined) return damaged('unknown kind');
  switch (kind) {
    case 'round':
      return { kind, round: reader.number() };
    case 'promised':
      return { kind, ballot: readBallot(reader), height: reader.number() };
    case 'accepted':
      return { kind, ballot: readBallot(reader), block: readBlock(reader, codec) };
    case 'head':
      return { kind, height: reader.number(), hash: reader.text() };
    case 'owner':
      return { kind, sequence: reader.number() };
    case 'entry':
      return { kind, entry: readEntry(reader, codec) };
    case 'block':
      return { kind, block: readBlock(reader, codec) };
    case 'identity':
      return { kind, identity: reader.text(), standing: standings[reader.number()] ?? damaged('unknown standing') };
    case 'peer':
      return { kind, identity: reader.text() };
    case 'missing':
      return { kind, from: reader.number(), to: reader.number(), hash: reader.text() };
    case 'member':
      return { kind, height: reader.number(), disk: reader.text(), address: reader.text(), sequence: reader.number() };
  }
}

function damaged(what: string): never {
  throw new SynodError('corrupt', `stored record is damaged: ${what}`);
}

/** Fixed width, so that the order of keys is the order of numbers. */
function hex(number: number): string {
  return number.toString(16).padStart(14, '0');
}
