import type { NodeId } from '@synod/kernel';

/** How many are remembered: those of a cluster's nodes. */
const most = 64;
/** A longer one is not, so that nobody fills the memory with names. */
const longest = 64;

/** Names of nodes as UTF-8. Every timestamp has one of the same few: each is read as one string however often it comes. */
export class Names {
  readonly #known: { readonly bytes: Uint8Array; readonly text: NodeId }[] = [];
  #next = 0;

  /** The name whose bytes stand at an offset; there must be so many. */
  read(bytes: Buffer, at: number, length: number): NodeId {
    for (const one of this.#known) if (standsAt(one.bytes, bytes, at, length)) return one.text;
    const text = bytes.toString('utf8', at, at + length);
    if (length > longest) return text;
    this.#known[this.#next] = { bytes: Uint8Array.from(bytes.subarray(at, at + length)), text };
    this.#next = (this.#next + 1) % most;
    return text;
  }
}

function standsAt(name: Uint8Array, bytes: Buffer, at: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let i = 0; i < length; i++) if (name[i] !== bytes[at + i]) return false;
  return true;
}
