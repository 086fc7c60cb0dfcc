/** How many are remembered: a power of two. */
const slots = 4096;
/** Bytes. Node is asked to read what is longer: here it would take longer. */
const longest = 64;

/**
 * Reads texts that come again and again, keys and names of nodes above all: each as one string as long as it is remembered,
 * which every table finds by what it knows of that string already. What falls into the same slot takes its place.
 */
export class Texts {
  readonly #known = new Array<string>(slots).fill('');

  /** UTF-8 of `bytes` from `start` to `end`; what is none becomes U+FFFD. */
  read(bytes: Buffer, start: number, end: number): string {
    if (end - start > longest) return bytes.toString('utf8', start, end);
    let hash = 0x811c9dc5; // FNV-1a
    let all = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      hash = Math.imul(hash ^ byte, 0x01000193);
      all |= byte;
    }
    if (all > 0x7f) return bytes.toString('utf8', start, end);
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const known = this.#known[slot]!;
    if (standsAt(known, bytes, start, end)) return known;
    const text = bytes.toString('latin1', start, end);
    this.#known[slot] = text;
    return text;
  }
}

function standsAt(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
