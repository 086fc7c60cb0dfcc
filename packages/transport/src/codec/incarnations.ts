import type { Incarnation } from '@synod/register';

/** How many are remembered: those of a cluster's nodes, and of some of their former lives. */
const most = 64;

/**
 * Incarnations as 8 bytes, big-endian. Every message names one or two of the same few: their digits are worked out once,
 * and read as one string however often they come.
 */
export class Incarnations {
  readonly #bytes = new Map<Incarnation, Uint8Array>();
  readonly #known: { readonly high: number; readonly low: number; readonly text: Incarnation }[] = [];
  #next = 0;

  bytesOf(incarnation: Incarnation): Uint8Array {
    let bytes = this.#bytes.get(incarnation);
    if (bytes === undefined) {
      if (this.#bytes.size >= most) this.#bytes.clear();
      bytes = Buffer.from(incarnation, 'hex');
      this.#bytes.set(incarnation, bytes);
    }
    return bytes;
  }

  /** The incarnation whose bytes stand at an offset; there must be eight. */
  read(bytes: Buffer, at: number): Incarnation {
    const high = bytes.readInt32BE(at);
    const low = bytes.readInt32BE(at + 4);
    for (const one of this.#known) if (one.low === low && one.high === high) return one.text;
    const text = bytes.toString('hex', at, at + 8);
    this.#known[this.#next] = { high, low, text };
    this.#next = (this.#next + 1) % most;
    return text;
  }
}
