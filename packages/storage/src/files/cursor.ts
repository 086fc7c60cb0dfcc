import { Damage } from './damage.js';

/** Reads LevelDB's numbers and slices one after the other. Throws `Damage` where they cannot have been written so. */
export class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /**
   * A base 128 number, least significant group first. Exact below 2^53, which no size or file number reaches. LevelDB
   * writes the shortest form (`EncodeVarint64`): a last group of nothing is a bit that flipped in the one before.
   */
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined || scale > 2 ** 63) throw new Damage('a number has no end');
      value += (byte & 0x7f) * scale;
      if (byte === 0 && scale > 1) throw new Damage('a number is not in its shortest form');
      if (byte < 0x80) return value;
    }
  }

  /** A view. */
  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Damage('a slice ends behind its bytes');
    const slice = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return slice;
  }
}
