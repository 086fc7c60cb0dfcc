import { ByteReader, ByteWriter } from './bytes.js';
import type { NodeId, Time } from './machine.js';
import type { EarlierOpening, Opening, Standing } from './standing.js';

/** Where the witness keeps its record, outside the keys of any machine. */
export const witnessKey = 'node/witness';

/** How long a peer's number may be remembered in memory alone, while there are writes to go with. */
const keepWithinMs = 100;

/** How many earlier openings a disk names. A peer that has met none of them judges by the oldest. */
const openingsNamed = 16;

/** How far a peer's disk was known to reach: the last write heard of, and the opening that made it. */
interface Memory {
  readonly disk: string;
  incarnation: bigint;
  number: number;
  /** The opening that was last welcomed; undefined: none since this node's own start. */
  present: bigint | undefined;
}

/**
 * Remembers of each peer how many writes its disk held, and judges by it what the disk holds when the peer comes back. A
 * disk that confirmed what it had not kept, one that was cut short or set back to an older copy looks whole to its owner.
 *
 * A number alone would not do: a disk that lost its last write and made another one holds as many as before. So a disk
 * names its openings, and a write is known by its number and the opening that made it.
 */
export class Witness {
  readonly standing: Standing;
  readonly #peers = new Map<NodeId, Memory>();
  #cut: string | undefined;
  /** The record does not say all: at first that it does not name this opening. */
  #news = true;
  #notBefore: Time = -Infinity;

  /** `record`: what the disk holds under `witnessKey`. Throws `SynodError` `corrupt` if it makes no sense. */
  constructor(opening: Opening, record: Uint8Array | undefined) {
    const earlier = record === undefined ? [] : this.#recover(new ByteReader(record));
    this.standing = { ...opening, earlier: earlier.filter(({ incarnation }) => incarnation !== opening.incarnation) };
  }

  /** Why this node's own disk must not be used any more; undefined: nobody has said so. */
  get cut(): string | undefined {
    return this.#cut;
  }

  /**
   * Judges the disk of a peer that asks for a link. Undefined: it is welcome. Otherwise it is refused; what is returned
   * completes `this node remembers …`.
   */
  greet(peer: NodeId, standing: Standing): string | undefined {
    const known = this.#peers.get(peer);
    const { disk, incarnation, recovered, earlier } = standing;
    if (known?.disk !== disk) {
      const writer = earlier.at(-1)?.incarnation ?? incarnation;
      this.#peers.set(peer, { disk, incarnation: writer, number: recovered, present: incarnation });
      this.#news = true;
      return undefined;
    }
    const end = endOf(known.incarnation, standing);
    if (end < known.number) {
      known.present = undefined;
      return `write ${known.number} of ${peer}, whose disk has lost those after ${end}`;
    }
    known.present = incarnation;
    if (recovered > known.number) this.#learn(known, earlier.at(-1)?.incarnation ?? incarnation, recovered);
    return undefined;
  }

  /** A peer that was welcomed says how many writes its disk holds durably. */
  heard(peer: NodeId, number: number): void {
    const known = this.#peers.get(peer);
    if (known?.present !== undefined && number > known.number) this.#learn(known, known.present, number);
  }

  /** This node's own disk must not be used any more. */
  condemn(reason: string): void {
    this.#cut = reason;
  }

  /** The record, to go with a write that is made anyway; undefined if it would say nothing new, or too soon. */
  recordWith(now: Time): Uint8Array | undefined {
    if (!this.#news || now < this.#notBefore) return undefined;
    this.#news = false;
    this.#notBefore = now + keepWithinMs;
    return this.record();
  }

  /** All that is to be kept. */
  record(): Uint8Array {
    const { incarnation, recovered, earlier } = this.standing;
    const openings = [...earlier, { incarnation, after: recovered }].slice(-openingsNamed);
    const writer = new ByteWriter().text(this.#cut ?? '').number(openings.length);
    for (const opening of openings) writer.uint64(opening.incarnation).number(opening.after);
    writer.number(this.#peers.size);
    for (const [peer, known] of this.#peers) {
      writer.text(peer).text(known.disk).uint64(known.incarnation).number(known.number);
    }
    return writer.finish();
  }

  #learn(known: Memory, incarnation: bigint, number: number): void {
    known.incarnation = incarnation;
    known.number = number;
    this.#news = true;
  }

  #recover(reader: ByteReader): EarlierOpening[] {
    this.#cut = reader.text() || undefined;
    const openings: EarlierOpening[] = [];
    for (let left = reader.number(); left > 0; left--) {
      openings.push({ incarnation: reader.uint64(), after: reader.number() });
    }
    for (let left = reader.number(); left > 0; left--) {
      const peer = reader.text();
      const disk = reader.text();
      this.#peers.set(peer, { disk, incarnation: reader.uint64(), number: reader.number(), present: undefined });
    }
    reader.done();
    return openings;
  }
}

/** The last write that is left of what an opening of a disk made and what was before it. */
function endOf(incarnation: bigint, { incarnation: present, recovered, earlier }: Standing): number {
  if (incarnation === present) return Infinity;
  const at = earlier.findIndex((opening) => opening.incarnation === incarnation);
  // One that is not named is older than all that are, or was lost from its first write on.
  return earlier[at + 1]?.after ?? recovered;
}
