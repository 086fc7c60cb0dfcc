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
      for (const item of message.items) {
        writeItem(item);
        writer.byte(item.cell ? 1 : 0);
        if (item.cell) writeCell(item.cell);
      }
      break;
    case 'write':
      writeMark(message.mark);
      writer.number(message.items.length);
      for (const item of message.items) {
        writeItem(item);
        writeCell(item.cell);
      }
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
      return { type: 'value', incarnation, items: readItems(reader, () => readValue(reader, bytes)) };
    case types.write:
      return {
        type: 'write',
        incarnation,
        mark: readMark(reader, bytes),
        items: readItems(reader, () => readWrite(reader, bytes)),
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

function readValue(reader: PackedReader, bytes: Buffer): ValueItem {
  const { number, key } = readItem(reader);
  return { number, key, cell: flag(reader, 'cell') ? readCell(reader, bytes) : undefined };
}

function readWrite(reader: PackedReader, bytes: Buffer): WriteItem {
  const { number, key } = readItem(reader);
  return { number, key, cell: readCell(reader, bytes) };
}

function writeCell({ counter, writer: name, incarnation, value }: Cell): void {
  writer.number(counter);
  writer.text(name);
  writer.raw(incarnations.bytesOf(incarnation));
  writer.byte(value ? 1 : 0);
  if (!value) return;
  writer.number(value.length);
  writer.raw(value);
}

function readCell(reader: PackedReader, bytes: Buffer): Cell {
  return {
    counter: positive(reader.number(), 'cell.counter'),
    writer: nonEmpty(reader.text(), 'cell.writer'),
    incarnation: incarnations.read(bytes, reader.skip(8)),
    value: flag(reader, 'cell.value') ? reader.raw(reader.number()) : undefined,
  };
}

/** Hardly ever anything but none. */
function writeMark(mark: Mark): void {
  writer.byte(mark === noMark ? 0 : 1);
  if (mark !== noMark) writer.raw(incarnations.bytesOf(mark));
}

function readMark(reader: PackedReader, bytes: Buffer): Mark {
  return flag(reader, 'mark') ? incarnations.read(bytes, reader.skip(8)) : noMark;
}

function flag(reader: PackedReader, field: string): boolean {
  const value = reader.byte();
  return value <= 1 ? value === 1 : reject(field, `is neither there nor absent: ${value}`);
}
