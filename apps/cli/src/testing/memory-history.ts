import { Writable } from 'node:stream';
import { readHistory, type History } from '@synod/linearizability';

/** Where a recorder writes to in tests; a disk that is slow when told so. */
export class MemoryHistory extends Writable {
  readonly #slow: boolean;
  #release: (() => void) | undefined;
  text = '';

  /** `slow`: nothing is taken before `takeOne`. */
  constructor({ slow = false } = {}) {
    super({ highWaterMark: 1000, decodeStrings: false });
    this.#slow = slow;
  }

  override _write(line: string, _encoding: BufferEncoding, done: () => void): void {
    this.text += line;
    if (this.#slow) this.#release = done;
    else done();
  }

  /** Takes what was written last. */
  takeOne(): void {
    this.#release?.();
  }

  get lines(): unknown[] {
    return this.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  }

  get history(): History {
    return readHistory(this.text);
  }
}
