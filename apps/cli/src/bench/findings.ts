import type { Verification } from './subject.js';

/** More would say nothing that these do not. */
const mostLines = 10;

/** What turns out to be wrong with what was acknowledged, while it is measured and after. */
export class Findings {
  readonly #lost: string[] = [];
  #more = 0;
  checked = 0;

  lose(line: string): void {
    if (this.#lost.length < mostLines) this.#lost.push(line);
    else this.#more++;
  }

  result(facts: Verification['facts'] = {}): Verification {
    const more = this.#more > 0 ? [`and ${this.#more} more`] : [];
    return { checked: this.checked, lost: [...this.#lost, ...more], facts };
  }
}
