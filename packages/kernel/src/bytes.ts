import { isUtf8 } from 'node:buffer';
import { SynodError } from './errors.js';
import { invariant } from './invariant.js';

/** Node is asked to write and copy what is longer: here it would take longer. */
const short = 64;

/** What a writer has room for at first, bytes. */
const usual = 256;
/** A writer that is used again keeps at most so much: one group in a million is large. */
const mostKept = 1 << 20;

const UINT64_MAX = 0xffff_ffff_ffff_ffffn;

/**
 * The one binary form of records and hashed content: varints (LEB128, base 128 little-endian) and length-prefixed
 * UTF-8, written in a fixed order. Two nodes that hold the same value write the same bytes.
 */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = usual) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  /** How many bytes were written. */
  get length(): number {
    return this.#length;
  }

  /** A whole number from 0 to 2^53-1. */
  number(value: number): this {
    invariant(Number.isSafeInteger(value) && value >= 0, 'a number to write is whole and from 0 to 2^53-1');
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
    return this;
  }

  /** A whole number from 0 to 2^64-1. */
  uint64(value: bigint): this {
    invariant(value <= UINT64_MAX, 'a number to write is at most 2^64-1');
    if (value <= 0x1f_ffff_ffff_ffffn) return this.number(Number(value));
    this.#reserve(10);
    let rest = value;
    while (rest > 0x7fn) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
    return this;
  }

  boolean(value: boolean): this {
    return this.number(value ? 1 : 0);
  }

  /** Well-formed Unicode: a lone surrogate has no UTF-8 and is written as U+FFFD. */
  text(value: string): this {
    if (value.length < 128 && this.#ascii(value)) return this;
    return this.bytes(Buffer.from(value, 'utf8'));
  }

  bytes(value: Uint8Array): this {
    return this.number(value.length).raw(value);
  }

  /** Bytes that rest as a text of one character each, as `ByteReader.latin1` reads them. */
  latin1(value: string): this {
    const { length } = value;
    this.number(length).#reserve(length);
    if (length > short) this.#bytes.write(value, this.#length, 'latin1');
    else for (let i = 0; i < length; i++) this.#bytes[this.#length + i] = value.charCodeAt(i);
    this.#length += length;
    return this;
  }

  /** What another writer has finished, without its length. */
  raw(written: Uint8Array): this {
    const { length } = written;
    this.#reserve(length);
    if (length > short) this.#bytes.set(written, this.#length);
    else for (let i = 0; i < length; i++) this.#bytes[this.#length + i] = written[i]!;
    this.#length += length;
    return this;
  }

  /** What was written. Nothing more may be. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** What was written, in memory of its own; the writer is empty then, and may be used again. */
  take(): Uint8Array {
    const taken = new Uint8Array(this.#length);
    taken.set(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    if (this.#bytes.length > mostKept) this.#bytes = Buffer.allocUnsafe(usual);
    return taken;
  }

  /** Names and keys are written here in less time than it takes to ask Node. Whether all of it is ASCII, and so is written. */
  #ascii(value: string): boolean {
    const { length } = value;
    this.#reserve(length + 1);
    const start = this.#length + 1;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return false;
      this.#bytes[start + i] = code;
    }
    this.#bytes[this.#length] = length;
    this.#length = start + length;
    return true;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Reads what `ByteWriter` wrote. Throws `SynodError` `corrupt` when the bytes end early or make no sense. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  number(): number {
    let value = 0;
    let scale = 1;
    for (let length = 1; ; length++) {
      const byte = this.#next();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return checked(value, value <= Number.MAX_SAFE_INTEGER, byte, length);
      if (length === 8) throw corrupt('a number is above 2^53-1');
      scale *= 128;
    }
  }

  uint64(): bigint {
    let value = 0n;
    for (let length = 1; ; length++) {
      const byte = this.#next();
      value |= BigInt(byte & 0x7f) << BigInt(7 * (length - 1));
      if (byte < 0x80) return checked(value, value <= UINT64_MAX, byte, length);
      if (length === 10) throw corrupt('a number is above 2^64-1');
    }
  }

  boolean(): boolean {
    const value = this.number();
    if (value > 1) throw corrupt(`${value} is neither true nor false`);
    return value === 1;
  }

  text(): string {
    const end = this.#end();
    if (this.#isAscii(end)) return this.#latin1(end);
    const bytes = this.#bytes.subarray(this.#at, end);
    if (!isUtf8(bytes)) throw corrupt('a text is not UTF-8');
    this.#at = end;
    return bytes.toString('utf8');
  }

  bytes(): Uint8Array {
    const end = this.#end();
    const value = Uint8Array.prototype.slice.call(this.#bytes, this.#at, end);
    this.#at = end;
    return value;
  }

  /** What `bytes` reads, as a text of one character a byte: that rests in less memory. */
  latin1(): string {
    return this.#latin1(this.#end());
  }

  /** Asserts that everything was read. */
  done(): void {
    if (this.#at !== this.#bytes.length) throw corrupt(`${this.#bytes.length - this.#at} bytes too many`);
  }

  /** Short names are looked through in less time than it takes to ask Node whether they are UTF-8. */
  #isAscii(end: number): boolean {
    if (end - this.#at > 64) return false;
    for (let i = this.#at; i < end; i++) if (this.#bytes[i]! > 0x7f) return false;
    return true;
  }

  #latin1(end: number): string {
    const value = this.#bytes.toString('latin1', this.#at, end);
    this.#at = end;
    return value;
  }

  #next(): number {
    if (this.#at >= this.#bytes.length) throw corrupt('the bytes end early');
    return this.#bytes[this.#at++]!;
  }

  #end(): number {
    const length = this.number();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw corrupt('the bytes end early');
    return end;
  }
}

/** Values have one form only, so that equal bytes and equal values are the same thing. */
function checked<N>(value: N, inRange: boolean, lastByte: number, length: number): N {
  if (!inRange) throw corrupt('a number is too large');
  if (lastByte === 0 && length > 1) throw corrupt('a number is not in its shortest form');
  return value;
}

function corrupt(what: string): SynodError {
  return new SynodError('corrupt', `stored record is damaged: ${what}`);
}
