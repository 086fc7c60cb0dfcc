import { ByteReader, oneCopy, SynodError, type NodeId, type RecordCodec } from '@synod/kernel';
import type { PackedValue } from './cell.js';
import type { Replacement } from './configuration.js';
import type { Incarnation } from './incarnation.js';
import type { Timestamp } from './timestamp.js';

/** What a node keeps on disk. */
export type RegisterRecord =
  | NodeRecord
  /** The identity of a peer's disk. */
  | { readonly kind: 'peer'; readonly identity: Incarnation }
  /** The peer knows this disk, durably. */
  | { readonly kind: 'known' }
  /** Who held and wrote the registers whose cells name this set. */
  | { readonly kind: 'set'; readonly writer: NodeId; readonly replicas: readonly NodeId[] }
  | CellRecord
  /** The latest replacement of the node that the key names. */
  | ({ readonly kind: 'replacement' } & Omit<Replacement, 'node'>);

/**
 * How a node stands, durably. `member`: it takes part once its peers know it. `lost`: a former disk is lost, and not all
 * of its registers are copied yet. `waiting`: a new disk that no configuration names yet. `copying`: one that a
 * configuration names, and that does not hold yet what it must.
 */
export type NodeStanding = (typeof standings)[number];

const standings = ['member', 'lost', 'waiting', 'copying'] as const;

export interface NodeRecord {
  readonly kind: 'node';
  /** Of this disk, from its first use. */
  readonly identity: Incarnation;
  /** Of this life: written again at every start, before anything is sent. */
  readonly incarnation: Incarnation;
  readonly standing: NodeStanding;
}

/** A register's cell, in the form in which it also rests in memory. */
export interface CellRecord extends Timestamp {
  readonly kind: 'cell';
  /** Number of its replica set. */
  readonly set: number;
  /** Undefined: a tombstone. */
  readonly packed: PackedValue | undefined;
}

/** Keys of storage that are remembered: cells of the same registers are written again and again. */
const mostCellKeys = 16_384;
const cellKeys = new Map<string, string>();

function cellKey(key: string): string {
  let known = cellKeys.get(key);
  if (known !== undefined) return known;
  if (cellKeys.size >= mostCellKeys) cellKeys.clear();
  known = `state/register/cell/${encodeURIComponent(key)}`;
  cellKeys.set(key, known);
  return known;
}

/** Where each record lives. All of them are read when a node starts. */
export const registerKeys = {
  node: 'state/register/node',
  peer: (peer: NodeId) => `state/register/peer/${encodeURIComponent(peer)}`,
  known: (peer: NodeId) => `state/register/known/${encodeURIComponent(peer)}`,
  set: (number: number) => `state/register/set/${number}`,
  replacement: (node: NodeId) => `state/register/replacement/${encodeURIComponent(node)}`,
  cell: cellKey,
};

/** The node, number or register that ends a key of storage. */
export function nameInKey(key: string): string {
  return decodeURIComponent(key.slice(key.lastIndexOf('/') + 1));
}

/** The range of keys a node reads at start. */
export const liveKeys = { from: 'state/register/', to: 'state/register0' } as const;

const kinds = ['node', 'peer', 'known', 'set', 'cell', 'replacement'] as const;

/** A record is a kind number and its fields. */
export const registerRecordCodec: RecordCodec<RegisterRecord> = {
  encode(_key, record, writer) {
    writer.number(kinds.indexOf(record.kind));
    switch (record.kind) {
      case 'node':
        writer.text(record.identity).text(record.incarnation).number(standings.indexOf(record.standing));
        break;
      case 'peer':
        writer.text(record.identity);
        break;
      case 'known':
        break;
      case 'set':
        writer.text(record.writer).number(record.replicas.length);
        for (const replica of record.replicas) writer.text(replica);
        break;
      case 'cell':
        writer.number(record.set).number(record.counter).text(record.writer).text(record.incarnation);
        writer.boolean(record.packed !== undefined);
        if (record.packed !== undefined) writer.latin1(record.packed);
        break;
      case 'replacement':
        writer.number(record.version).text(record.disk).text(record.address).boolean(record.done);
        break;
    }
  },
  decode(_key, bytes) {
    const reader = new ByteReader(bytes);
    const record = readRecord(reader);
    reader.done();
    return record;
  },
};

function readRecord(reader: ByteReader): RegisterRecord {
  const kind = kinds[reader.number()];
  switch (kind) {
    case 'node':
      return { kind, identity: reader.text(), incarnation: reader.text(), standing: readStanding(reader) };
    case 'peer':
      return { kind, identity: reader.text() };
    case 'known':
      return { kind };
    case 'set':
      return { kind, writer: reader.text(), replicas: readTexts(reader) };
    case 'cell':
      return {
        kind,
        set: reader.number(),
        counter: reader.number(),
        writer: oneCopy(reader.text()),
        incarnation: oneCopy(reader.text()),
        packed: reader.boolean() ? reader.latin1() : undefined,
      };
    case 'replacement':
      return {
        kind,
        version: reader.number(),
        disk: reader.text(),
        address: reader.text(),
        done: reader.boolean(),
      };
    default:
      throw new SynodError('corrupt', 'stored record is damaged: unknown kind');
  }
}

function readStanding(reader: ByteReader): NodeStanding {
  const standing = standings[reader.number()];
  if (!standing) throw new SynodError('corrupt', 'stored record is damaged: unknown standing');
  return standing;
}

function readTexts(reader: ByteReader): string[] {
  const texts: string[] = [];
  for (let count = reader.number(); count > 0; count--) texts.push(reader.text());
  return texts;
}
