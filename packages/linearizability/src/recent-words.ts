/** A power of two. */
const size = 1 << 16;

/**
 * Makes strings of bytes, those that were asked for lately only once: the words of a history come again and again, and
 * to compare one with itself takes no time. Each has one place in a table of a set size, by its hash, and yields it to
 * the next one that belongs there.
 */
export class RecentWords {
  readonly #words = new Array<string>(size).fill('');

  /** The ASCII characters between two positions. `hash`: of these bytes, the same whenever they are the same. */
  of(bytes: Buffer, from: number, to: number, hash: number): string {
    const place = hash & (size - 1);
    const known = this.#words[place]!;
    if (says(known, bytes, from, to)) return known;
    return (this.#words[place] = bytes.toString('latin1', from, to));
  }
}

function says(word: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (word.length !== to - from) return false;
  for (let i = 0; i < word.length; i++) {
    if (word.charCodeAt(i) !== bytes[from + i]) return false;
  }
  return true;
}
