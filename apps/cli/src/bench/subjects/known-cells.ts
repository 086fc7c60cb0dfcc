import { isLaterTag, type Tag } from '@synod/register';
import type { Findings } from '../findings.js';

/** The latest that was acknowledged of one register. */
interface Known {
  readonly tag: Tag;
  readonly value: Uint8Array | undefined;
}

/**
 * What is known of registers from what was acknowledged, and whether later answers agree: no read returns less than what
 * was known when it began, every write is later than that, and one tag has one value.
 */
export class KnownCells {
  readonly #cells = new Map<string, Known>();
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** The registers that something is known of. */
  get keys(): string[] {
    return [...this.#cells.keys()];
  }

  /** What an operation that begins now must not go back behind. */
  floor(key: string): Tag | undefined {
    return this.#cells.get(key)?.tag;
  }

  wrote(key: string, tag: Tag, value: Uint8Array, floor: Tag | undefined): void {
    if (!isLaterTag(tag, floor)) this.#findings.lose(`${key}: written as ${show(tag)} after ${show(floor)} was known`);
    this.#learn(key, tag, value);
  }

  read(key: string, tag: Tag | undefined, value: Uint8Array | undefined, floor: Tag | undefined): void {
    if (isLaterTag(floor, tag)) this.#findings.lose(`${key}: read as ${show(tag)} after ${show(floor)} was known`);
    if (tag) this.#learn(key, tag, value);
  }

  #learn(key: string, tag: Tag, value: Uint8Array | undefined): void {
    const known = this.#cells.get(key);
    if (!known || isLaterTag(tag, known.tag)) return void this.#cells.set(key, { tag, value });
    if (!isLaterTag(known.tag, tag) && !isSame(value, known.value)) {
      this.#findings.lose(`${key}: two values under ${show(tag)}`);
    }
  }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
}

function show(tag: Tag | undefined): string {
  return tag ? `${tag[0]}@${tag[1]}` : 'never written';
}
