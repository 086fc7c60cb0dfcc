import { PackedReader, PackedWriter } from './packed-bytes.js';
import { reject } from './wire-checks.js';

/** The byte before a field: its number in the message, and what follows. */
export const field = {
  /** A number. */
  number1: 0x08,
  number2: 0x10,
  number4: 0x20,
  /** A length, and so many bytes: text, bytes or a message. */
  sized1: 0x0a,
  sized2: 0x12,
  sized3: 0x1a,
  sized4: 0x22,
  sized5: 0x2a,
} as const;

/** Writes Protobuf by hand, the same bytes as generated code. */
export class FieldWriter extends PackedWriter {
  /** 0 is not written. */
  numberField(tag: number, value: number): void {
    if (value === 0) return;
    this.byte(tag);
    this.number(value);
  }

  /** No text is not written. */
  textField(tag: number, value: string): void {
    if (value === '') return;
    this.byte(tag);
    this.text(value);
  }

  /** One of a list: written even if it is empty. */
  listedText(tag: number, value: string): void {
    this.byte(tag);
    this.text(value);
  }

  /** Written even if there are none. */
  bytesField(tag: number, value: Uint8Array): void {
    this.byte(tag);
    this.number(value.length);
    this.raw(value);
  }

  /** Begins a message within. Returns what `close` needs to know. */
  openField(tag: number): number {
    this.byte(tag);
    return this.open();
  }
}

/**
 * Reads Protobuf by hand where it is as nearly all writers write it: known fields, in order, each at most once. Throws
 * `SynodError` at all else, which may be right all the same: generated code knows.
 */
export class FieldReader extends PackedReader {
  constructor(bytes: Buffer) {
    super(bytes, 0);
  }

  expect(tag: number): void {
    if (this.byte() !== tag) reject('message', 'has another field');
  }

  /** Whether this field comes next, before the end of its message. */
  has(tag: number, end: number): boolean {
    return this.at < end && this.take(tag);
  }

  /** The length of a part that is the last of one that ends there. */
  last(end: number): void {
    if (this.end() !== end) reject('message', 'has more fields');
  }

  bytes(): Buffer {
    return this.raw(this.number());
  }

  /** Bytes where they lie. */
  view(): Buffer {
    return this.part(this.number());
  }

  endsAt(end: number): void {
    if (this.at !== end) reject('message', 'is longer than said before it');
  }
}
