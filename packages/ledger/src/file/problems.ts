import { SynodError } from '@synod/kernel';

const listedAtMost = 20;

/** Everything that is wrong with one file, by line, so that its author corrects it in one go. */
export class Problems {
  readonly #found: { readonly line: number; readonly what: string }[] = [];

  add(line: number, what: string): void {
    this.#found.push({ line, what });
  }

  /** Throws `SynodError` `invalid_argument`, one line for each of the first 20 problems, if there are any. */
  throwIfAny(): void {
    const count = this.#found.length;
    if (count === 0) return;
    const inOrder = this.#found.toSorted((a, b) => a.line - b.line);
    const lines = inOrder.slice(0, listedAtMost).map(({ line, what }) => `line ${line}: ${what}`);
    if (count > listedAtMost) lines.push(`and ${count - listedAtMost} more`);
    throw new SynodError('invalid_argument', `transaction file refused, nothing was run:\n${lines.join('\n')}`);
  }
}

/** Text from the file, made safe for one line of a terminal. */
export function quote(written: string): string {
  return JSON.stringify(written.length > 60 ? `${written.slice(0, 60)}…` : written);
}
