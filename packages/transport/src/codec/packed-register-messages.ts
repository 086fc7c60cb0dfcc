import { SynodError } from '@synod/kernel';
import {
  noMark,
  type AckMessage,
  type Cell,
  type Incarnation,
  type Item,
  type Mark,
  type ReadMessage,
  type ValueItem,
  type ValueMessage,
  type WriteItem,
  type WriteMessage,
} from '@synod/register';
import { checkKey } from '../register/register-checks.js';
import { asBuffer } from './as-buffer.js';
import { Incarnations } from './incarnations.js';
import { PackedReader, PackedWriter } from './packed-bytes.js';
import { nonEmpty, positive, reject } from './wire-checks.js';

/** The messages of the algorithm itself: nearly all that nodes with registers tell one another. */
export type PackedMessage = ReadMessage | ValueMessage | WriteMessage | AckMessage;

/*
 * One byte for the type, then its fields, as docs/registers.md has them. No Protobuf message begins with such a byte: the
 * lowest three bits of a Protobuf tag are never all set. As Protobuf these messages cost four times the processor time.
 */
const types = { read: 0x0f, value: 0x17, write: 0x1f, ack: 0x27 } as const;

/** Of a cell; none of them: there is none. */
const flags = { cell: 1, value: 2, sameLife: 4 } as const;
const allFlags = 7;

const writer = new PackedWriter();
const incarnations = new Incarnations();

export function isPacked(bytes: Uint8Array): boolean {
  return (bytes[0]! & 7) === 7;
}

export function packMessage(message: PackedMessage): Buffer {
  writer.begin(types[message.type]);
  writer.raw(incarnations.bytesOf(message.incarnation));
  switch (message.type) {
    case 'read':
      writeMark(message.mark);
      writer.number(message.items.length);
      for (const item of message.items) writeItem(item);
      break;
    case 'value':
      writer.number(message.items.length);
      writeCells(message.items);
      break;
    case 'write':
      writeMark(message.mark);
      writer.number(message.items.length);
      writeCells(message.items);
      break;
    case 'ack':
      writer.number(message.items.length);
      for (const item of message.items) writeItem(item);
      break;
  }
  return writer.finish();
}

/** Throws `SynodError` `invalid_argument`. */
export function unpackMessage(bytes: Uint8Array): PackedMessage {
  const buffer = asBuffer(bytes);
  const reader = new PackedReader(buffer);
  const incarnation = incarnations.read(buffer, reader.skip(8));
  const message = readRest(bytes[0]!, incarnation, reader, buffer);
  reader.done();
  return message;
}

function readRest(type: number, incarnation: Incarnation, reader: PackedReader, bytes: Buffer): PackedMessage {
  switch (type) {
    case types.read:
      return { type: 'read', incarnation, mark: readMark(reader, bytes), items: readItems(reader, readItem) };
    case types.value:
      return { type: 'value', incarnation, items: readItems(reader, readingValues(bytes)) };
    case types.write:
      return {
        type: 'write',
        incarnation,
        mark: readMark(reader, bytes),
        items: readItems(reader, readingWrites(bytes)),
      };
    case types.ack:
      return { type: 'ack', incarnation, items: readItems(reader, readItem) };
    default:
      throw new SynodError('invalid_argument', `message has the unknown type ${type}`);
  }
}

/** At least one: how many is no reason to believe it, and so to make room for them. */
function readItems<I>(reader: PackedReader, read: (reader: PackedReader) => I): I[] {
  const items: I[] = [];
  for (let left = positive(reader.number(), 'items'); left > 0; left--) items.push(read(reader));
  return items;
}

function writeItem({ number, key }: Item): void {
  writer.number(number);
  writer.text(key);
}

function readItem(reader: PackedReader): Item {
  return { number: positive(reader.number(), 'request.number'), key: checkKey(reader.text()) };
}

/** Cells that stand beside each other are nearly always of one life of one writer: it is written once. */
function writeCells(items: readonly ValueItem[]): void {
  let before: Cell | undefined;
  for (const item of items) {
    const { cell } = item;
    writeItem(item);
    if (!cell) {
      writer.byte(0);
      continue;
    }
    const isSameLife = before?.writer === cell.writer && before.incarnation === cell.incarnation;
    writer.byte(flags.cell | (cell.value ? flags.value : 0) | (isSameLife ? flags.sameLife : 0));
    writer.number(cell.counter);
    if (!isSameLife) {
      writer.text(cell.writer);
      writer.raw(incarnations.bytesOf(cell.incarnation));
    }
    if (cell.value) {
      writer.number(cell.value.length);
      writer.raw(cell.value);
    }
    before = cell;
  }
}

function readingValues(bytes: Buffer): (reader: PackedReader) => ValueItem {
  let before: Cell | undefined;
  return (reader) => {
    const { number, key } = readItem(reader);
    const cell = readCell(reader, bytes, before);
    before = cell ?? before;
    return { number, key, cell };
  };
}

function readingWrites(bytes: Buffer): (reader: PackedReader) => WriteItem {
  let before: Cell | undefined;
  return (reader) => {
    const { number, key } = readItem(reader);
    const cell = readCell(reader, bytes, before) ?? reject('cell', 'is missing');
    before = cell;
    return { number, key, cell };
  };
}

/** `before`: the cell before it in the message, whose life it may share. */
function readCell(reader: PackedReader, bytes: Buffer, before: Cell | undefined): Cell | undefined {
  const flag = reader.byte();
  if (flag === 0) return undefined;
  if ((flag & flags.cell) === 0 || flag > allFlags) reject('cell', `is neither there nor absent: ${flag}`);
  const counter = positive(reader.number(), 'cell.counter');
  const isSameLife = (flag & flags.sameLife) > 0;
  const { writer, incarnation } = isSameLife ? (before ?? reject('cell', 'is the first')) : readLife(reader, bytes);
  return { counter, writer, incarnation, value: (flag & flags.value) > 0 ? reader.raw(reader.number()) : undefined };
}

function readLife(reader: PackedReader, bytes: Buffer): Pick<Cell, 'writer' | 'incarnation'> {
  return { writer: nonEmpty(reader.text(), 'cell.writer'), incarnation: incarnations.read(bytes, reader.skip(8)) };
}

/** Hardly ever anything but none. */
function writeMark(mark: Mark): void {
  writer.byte(mark === noMark ? 0 : 1);
  if (mark !== noMark) writer.raw(incarnations.bytesOf(mark));
}

function readMark(reader: PackedReader, bytes: Buffer): Mark {
  const flag = reader.byte();
  if (flag > 1) reject('mark', `is neither there nor absent: ${flag}`);
  return flag === 1 ? incarnations.read(bytes, reader.skip(8)) : noMark;
}
