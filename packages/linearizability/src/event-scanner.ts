import type { Event } from './event.js';
import type { Tag, Value } from './operation.js';
import { RecentWords } from './recent-words.js';

/** So many digits are always an exact number. */
const exactDigits = 15;

const space = 0x20;
const quote = 0x22;
const zero = 0x30;
const backslash = 0x5c;
const tilde = 0x7e;

const beforeProcess = Buffer.from('{"process":');
const beforeType = Buffer.from(',"type":"');
const beforeF = Buffer.from('","f":"');
const beforeKey = Buffer.from('","key":"');
const beforeValue = Buffer.from('","value":');
const noValue = Buffer.from('null');
const beforeTime = Buffer.from(',"time":');
const beforeTag = Buffer.from(',"tag":[');
const beforeWriter = Buffer.from(',"');
const afterWriter = Buffer.from('"]');
const lineEnd = Buffer.from('}\n');

/**
 * Reads lines of a history as `JSON.stringify` writes them: their fields in the order of docs/formats.md, texts of
 * printable ASCII without escapes, whole numbers. Synod's own recorders write such lines, and to read them so takes a
 * fraction of the time that JSON does. Whatever else a line may be is left to `readEvent`.
 */
export class EventScanner {
  readonly #words = new RecentWords();
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  /** Where the line begins that comes behind the last one that was read. */
  get end(): number {
    return this.#at;
  }

  /** The event in the line that begins there; undefined if it is of another form. `bytes` end with a line break. */
  scan(bytes: Buffer, from: number): Event | undefined {
    this.#bytes = bytes;
    this.#at = from;
    if (!this.#take(beforeProcess)) return undefined;
    const process = this.#whole();
    if (process === undefined || !this.#take(beforeType)) return undefined;
    const type = this.#text();
    if ((type !== 'ok' && type !== 'invoke' && type !== 'fail' && type !== 'info') || !this.#take(beforeF)) {
      return undefined;
    }
    const f = this.#text();
    if ((f !== 'read' && f !== 'write') || !this.#take(beforeKey)) return undefined;
    const key = this.#text();
    if (key === undefined || !this.#take(beforeValue)) return undefined;
    const value = this.#value();
    if (value === undefined || !this.#take(beforeTime)) return undefined;
    const time = this.#whole();
    if (time === undefined) return undefined;
    const hasTag = type === 'ok' && this.#take(beforeTag);
    const tag = hasTag ? this.#tag() : undefined;
    if ((hasTag && tag === undefined) || !this.#take(lineEnd)) return undefined;
    return { process, type, f, key, value, time, tag };
  }

  /** Whether these bytes come next; then it goes on behind them. */
  #take(expected: Uint8Array): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    for (let i = 0; i < expected.length; i++) {
      if (bytes[at + i] !== expected[i]) return false;
    }
    this.#at = at + expected.length;
    return true;
  }

  #whole(): number | undefined {
    const bytes = this.#bytes;
    const from = this.#at;
    let at = from;
    let number = 0;
    for (let digit = bytes[at]! - zero; digit >= 0 && digit <= 9; digit = bytes[++at]! - zero) {
      number = number * 10 + digit;
    }
    const digits = at - from;
    if (digits === 0 || digits > exactDigits || (digits > 1 && bytes[from] === zero)) return undefined;
    this.#at = at;
    return number;
  }

  /** What stands before the next quote, which is left. */
  #text(): string | undefined {
    const bytes = this.#bytes;
    const from = this.#at;
    let at = from;
    let hash = 0;
    for (let byte = bytes[at]!; byte !== quote; byte = bytes[++at]!) {
      if (byte < space || byte > tilde || byte === backslash) return undefined;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    this.#at = at;
    return this.#words.of(bytes, from, at, hash);
  }

  #value(): Value | undefined {
    if (this.#bytes[this.#at] !== quote) return this.#take(noValue) ? null : undefined;
    this.#at++;
    const text = this.#text();
    this.#at++;
    return text;
  }

  #tag(): Tag | undefined {
    const counter = this.#whole();
    if (counter === undefined || !this.#take(beforeWriter)) return undefined;
    const writer = this.#text();
    return writer !== undefined && this.#take(afterWriter) ? [counter, writer] : undefined;
  }
}
