import { SynodError } from './errors.js';

/**
 * The one binary form of records and hashed content: varints (LEB128, base 128 little-endian) and length-prefixed
 * UTF-8, written in a fixed order. Two nodes that hold the same value write the same bytes.
 */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  /** A whole number from 0 to 2^53-1. */
  number(value: number): this {
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

  text(value: string): this {
    const most = value.length * 3;
    if (most < 128) {
      // Short strings, the common case: the length fits one byte, so the text can be written behind it directly.
      this.#reserve(most + 1);
      const written = this.#bytes.write(value, this.#length + 1, 'utf8');
      this.#bytes[this.#length] = written;
      this.#length += written + 1;
      return this;
    }
    return this.bytes(Buffer.from(value, 'utf8'));
  }

  bytes(value: Uint8Array): this {
    this.number(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** What was written, in memory of its own. */
  finish(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#bytes, 0, this.#length);
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
    for (;;) {
      const byte = this.#next();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 128;
    }
    if (value > Number.MAX_SAFE_INTEGER) throw corrupt('a number is above 2^53-1');
    return value;
  }

  uint64(): bigint {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.#next();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
      shift += 7n;
      if (shift > 63n) throw corrupt('a number is above 2^64-1');
    }
    if (value > 0xffff_ffff_ffff_ffffn) throw corrupt('a number is above 2^64-1');
    return value;
  }

  boolean(): boolean {
    return this.number() === 1;
  }

  text(): string {
    const end = this.#end();
    const value = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end;
    return value;
  }

  bytes(): Uint8Array {
    const end = this.#end();
    const value = Uint8Array.prototype.slice.call(this.#bytes, this.#at, end);
    this.#at = end;
    return value;
  }

  /** Asserts that everything was read. */
  done(): void {
    if (this.#at !== this.#bytes.length) throw corrupt(`${this.#bytes.length - this.#at} bytes too many`);
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

function corrupt(what: string): SynodError {
  return new SynodError('corrupt', `stored record is damaged: ${what}`);
}
