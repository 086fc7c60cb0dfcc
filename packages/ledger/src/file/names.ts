import { compareNatural } from '@synod/kernel';
import { quote, type Problems } from './problems.js';

const listedAtMost = 10;

/** The configured names of one kind, found as people write them: exactly, or else whatever the case. */
export class Names {
  readonly #kind: string;
  readonly #exact: ReadonlySet<string>;
  readonly #folded = new Map<string, string[]>();
  readonly #hint: (written: string) => string;
  /** Sorted once: a file may name thousands of strangers. */
  #known: string | undefined;

  /** `hint` may add to the refusal of an unknown name what was probably meant. */
  constructor(kind: string, names: Iterable<string>, hint: (written: string) => string = () => '') {
    this.#kind = kind;
    this.#exact = new Set(names);
    this.#hint = hint;
    for (const name of this.#exact) {
      const folded = name.toLowerCase();
      const same = this.#folded.get(folded);
      if (same) same.push(name);
      else this.#folded.set(folded, [name]);
    }
  }

  has(written: string): boolean {
    return this.#exact.has(written) || this.#folded.has(written.toLowerCase());
  }

  /** The configured name, or undefined after the reason was added to `problems`. */
  resolve(written: string, line: number, problems: Problems): string | undefined {
    if (this.#exact.has(written)) return written;
    const candidates = this.#folded.get(written.toLowerCase()) ?? [];
    if (candidates.length === 1) return candidates[0];
    if (candidates.length > 1) {
      problems.add(line, `${this.#kind} ${quote(written)} may be ${candidates.join(' or ')}: write it exactly`);
    } else {
      problems.add(line, `unknown ${this.#kind} ${quote(written)}: ${this.#hint(written) || this.#listKnown()}`);
    }
    return undefined;
  }

  #listKnown(): string {
    if (this.#known === undefined) {
      const names = [...this.#exact].sort(compareNatural);
      const more = names.length > listedAtMost ? ` and ${names.length - listedAtMost} more` : '';
      this.#known = `there are ${names.slice(0, listedAtMost).join(', ')}${more}`;
    }
    return this.#known;
  }
}
