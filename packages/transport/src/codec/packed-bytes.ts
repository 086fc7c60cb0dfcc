import { invariant } from '@synod/kernel';
import { Texts } from './texts.js';
import { reject } from './wire-checks.js';

/** Node is asked to write, read and copy what is longer: here it would take longer. */
const short = 64;

const texts = new Texts();

/** Writes one packed message after the other into the same memory. Protobuf has numbers and texts of the same form. */
export class PackedWriter {
  #bytes = Buffer.allocUnsafeSlow(4096);
  #length = 0;

  /** Forgets what was written before. `type`: the first byte, if it has one. */
  begin(type?: number): void {
    this.#length = 0;
    if (type !== undefined) this.byte(type);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** From 0 to 2^53-1: seven bits a byte, the lowest first; all bytes but the last have the highest bit set. */
  number(value: number): void {
    invariant(Number.isSafeInteger(value) && value >= 0, 'a number to send is whole and from 0 to 2^53-1');
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Its length in bytes, then UTF-8. */
  text(value: string): void {
    this.#reserve(3 * value.length + 8);
    if (value.length <= short && this.#ascii(value)) return;
    const written = Buffer.byteLength(value);
    this.number(written);
    this.#length += this.#bytes.write(value, this.#length, 'utf8');
  }

  /** As they are, without their number. */
  raw(value: Uint8Array): void {
    const { length } = value;
    this.#reserve(length);
    if (length > short) this.#bytes.set(value, this.#length);
    else for (let i = 0; i < length; i++) this.#bytes[this.#length + i] = value[i]!;
    this.#length += length;
  }

  /** Begins a part whose length will stand before it. Returns what `close` needs to know. */
  open(): number {
    this.#reserve(1);
    return ++this.#length;
  }

  /** Ends the part that was opened last. */
  close(start: number): void {
    const length = this.#length - start;
    let size = 1;
    for (let limit = 0x80; length >= limit; limit *= 0x80) size++;
    // One byte was kept for its length: nearly all parts are short.
    if (size > 1) {
      this.#reserve(size - 1);
      this.#bytes.copyWithin(start + size - 1, start, this.#length);
    }
    this.#length = start - 1;
    this.number(length);
    this.#length += length;
  }

  /** The message, in memory of its own. */
  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  /** Whether all of it is, and so is written. */
  #ascii(value: string): boolean {
    const start = this.#length + 1;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return false;
      this.#bytes[start + i] = code;
    }
    this.#bytes[this.#length] = value.length;
    this.#length = start + value.length;
    return true;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(2 * (this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Reads a packed message. Throws `SynodError` `invalid_argument`. */
export class PackedReader {
  readonly #bytes: Buffer;
  #at: number;

  /** `bytes`: of one message. `at`: where to begin; by default its first byte was looked at. */
  constructor(bytes: Buffer, at = 1) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Where the next byte stands. */
  get at(): number {
    return this.#at;
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length;
  }

  byte(): number {
    if (this.#at >= this.#bytes.length) cutShort();
    return this.#bytes[this.#at++]!;
  }

  /** Whether this byte comes next; then it is read. */
  take(value: number): boolean {
    if (this.#bytes[this.#at] !== value) return false;
    this.#at++;
    return true;
  }

  number(): number {
    if (this.#bytes[this.#at]! < 0x80) return this.#bytes[this.#at++]!;
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return Number.isSafeInteger(value) ? value : tooLarge();
    }
    return tooLarge();
  }

  text(): string {
    const end = this.end();
    const start = this.#at;
    this.#at = end;
    return texts.read(this.#bytes, start, end);
  }

  /** Where so many bytes begin, which are passed over. */
  skip(length: number): number {
    const start = this.#at;
    this.#at = this.#end(length);
    return start;
  }

  /** So many bytes, where they lie. */
  part(length: number): Buffer {
    return this.#bytes.subarray(this.skip(length), this.#at);
  }

  /** So many bytes, in memory of their own. */
  raw(length: number): Buffer {
    if (length > short) return Buffer.from(this.part(length));
    const start = this.skip(length);
    const bytes = this.#bytes;
    const copy = Buffer.allocUnsafe(length);
    for (let i = 0; i < length; i++) copy[i] = bytes[start + i]!;
    return copy;
  }

  /** Where the part ends whose length comes next. */
  end(): number {
    return this.#end(this.number());
  }

  /** All is read. */
  done(): void {
    if (this.#at !== this.#bytes.length) reject('message', `has ${this.#bytes.length - this.#at} bytes too many`);
  }

  #end(length: number): number {
    const end = this.#at + length;
    return end > this.#bytes.length ? cutShort() : end;
  }
}

function cutShort(): never {
  return reject('message', 'is cut short');
}

function tooLarge(): never {
  return reject('message', 'holds a number above 2^53-1');
}
