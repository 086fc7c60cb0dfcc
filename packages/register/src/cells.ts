import { unpack, type Cell, type PackedValue } from './cell.js';
import type { Timestamp } from './timestamp.js';

/** One life of one writer: what a million timestamps have in common. */
type Life = Pick<Timestamp, 'writer' | 'incarnation'>;

/**
 * The form in which a cell rests in memory, one character a byte: tombstone or not, number of the replica set, number of
 * the life, counter, value; the numbers as `ByteWriter` writes them. A cell of 16 bytes takes 40 as a string and 104 as
 * an object that holds one.
 */
type PackedCell = string;

/** Node is asked to copy what is longer: here it would take longer. */
const short = 64;

/** Before its value: a flag and three numbers of at most eight bytes. */
const longestHead = 25;

/** Cells by key, in as little memory as they can be found in: with a key of 16 characters about 110 bytes each. */
export class Cells {
  readonly #cells = new Map<string, PackedCell>();
  readonly #lives: Life[] = [];
  readonly #numbers = new Map<string, Map<string, number>>();
  #scratch = Buffer.allocUnsafe(256);
  /** What was looked at last: one step of a node looks at one cell several times. */
  #lastKey: string | undefined;
  #last: Head | undefined;

  get size(): number {
    return this.#cells.size;
  }

  /** Instead of the one that the key had. Returns the value as it rests from now on. */
  keep(
    key: string,
    set: number,
    { counter, writer, incarnation }: Timestamp,
    value: Uint8Array | PackedValue | undefined,
  ): PackedValue | undefined {
    const size = value?.length ?? 0;
    if (this.#scratch.length < longestHead + size) this.#scratch = Buffer.allocUnsafe(2 * size + 256);
    this.#scratch[0] = value === undefined ? 0 : 1;
    let length = this.#write(set, 1);
    length = this.#write(this.#numberOf(writer, incarnation), length);
    length = this.#write(counter, length);
    if (value !== undefined) this.#copy(value, length);
    const cell = this.#scratch.toString('latin1', 0, length + size);
    this.#cells.set(key, cell);
    this.#lastKey = undefined;
    return value === undefined ? undefined : cell.slice(length);
  }

  /** Number of its replica set; undefined: there is no such cell. */
  setOf(key: string): number | undefined {
    return this.#look(key)?.set;
  }

  /** Every key with the number of its replica set. */
  *sets(): Iterable<readonly [key: string, set: number]> {
    for (const [key, cell] of this.#cells) yield [key, new Head(cell).set];
  }

  timestamp(key: string): Timestamp | undefined {
    const head = this.#look(key);
    if (head === undefined) return undefined;
    const { writer, incarnation } = this.#lives[head.life]!;
    return { counter: head.counter, writer, incarnation };
  }

  cell(key: string): Cell | undefined {
    const head = this.#look(key);
    if (head === undefined) return undefined;
    const { writer, incarnation } = this.#lives[head.life]!;
    return {
      counter: head.counter,
      writer,
      incarnation,
      value: head.packed === undefined ? undefined : unpack(head.packed),
    };
  }

  #look(key: string): Head | undefined {
    if (key === this.#lastKey) return this.#last;
    const cell = this.#cells.get(key);
    this.#lastKey = key;
    this.#last = cell === undefined ? undefined : new Head(cell);
    return this.#last;
  }

  #write(value: number, at: number): number {
    let rest = value;
    let next = at;
    while (rest > 0x7f) {
      this.#scratch[next++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#scratch[next++] = rest;
    return next;
  }

  #copy(value: Uint8Array | PackedValue, at: number): void {
    const { length } = value;
    if (typeof value === 'string') {
      if (length > short) this.#scratch.write(value, at, 'latin1');
      else for (let i = 0; i < length; i++) this.#scratch[at + i] = value.charCodeAt(i);
    } else {
      if (length > short) this.#scratch.set(value, at);
      else for (let i = 0; i < length; i++) this.#scratch[at + i] = value[i]!;
    }
  }

  #numberOf(writer: string, incarnation: string): number {
    let numbers = this.#numbers.get(writer);
    if (!numbers) this.#numbers.set(writer, (numbers = new Map<string, number>()));
    let number = numbers.get(incarnation);
    if (number === undefined) {
      numbers.set(incarnation, (number = this.#lives.length));
      this.#lives.push({ writer, incarnation });
    }
    return number;
  }
}

/** A cell, read as far as its value. */
class Head {
  readonly set: number;
  readonly life: number;
  readonly counter: number;
  readonly #cell: PackedCell;
  #end = 1;

  constructor(cell: PackedCell) {
    this.#cell = cell;
    this.set = this.#next();
    this.life = this.#next();
    this.counter = this.#next();
  }

  /** The value; undefined: a tombstone. */
  get packed(): PackedValue | undefined {
    return this.#cell.charCodeAt(0) === 0 ? undefined : this.#cell.slice(this.#end);
  }

  #next(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#cell.charCodeAt(this.#end++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }
}
