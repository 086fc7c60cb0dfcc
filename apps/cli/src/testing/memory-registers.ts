import { setImmediate as turn } from 'node:timers/promises';
import { SynodError, type Random } from '@synod/kernel';
import type { Tag } from '@synod/linearizability';
import { drawIndex } from '@synod/simulator';
import type { Subject } from '../record/workload.js';

/** What can be wrong with registers, in every tenth call: so often that some of them are seen in any order of turns. */
export type Mistake = 'stale-read' | 'lost-write' | 'failed-write-happens' | 'tag-used-twice';

interface Cell {
  readonly value: string | null;
  readonly tag: Tag;
}

/**
 * Registers in memory, linearizable unless they make a mistake. Calls take some turns, and some of them fail: before
 * anything happened, after it, or with the write happening some turns later.
 */
export class MemoryRegisters implements Subject {
  readonly #random: Random;
  readonly #mistake: Mistake | undefined;
  readonly #cells = new Map<string, Cell>();
  readonly #previous = new Map<string, Cell>();
  #counter = 0;
  #underWay = 0;
  /** The most calls that were under way at once. */
  mostUnderWay = 0;
  /** Every call, as it was made. */
  readonly asked: string[] = [];
  /** Is told at each call. */
  onCall = () => {};

  constructor(random: Random, mistake?: Mistake) {
    this.#random = random;
    this.#mistake = mistake;
  }

  read(key: string): Promise<Cell> {
    return this.#call(`read ${key}`, async () => {
      this.#failSometimes({ definite: true });
      const cells = this.#errs('stale-read') ? this.#previous : this.#cells;
      const cell = cells.get(key) ?? { value: null, tag: [0, ''] };
      await this.#turns();
      this.#failSometimes({ definite: false });
      return cell;
    });
  }

  write(key: string, value: string): Promise<{ readonly tag: Tag }> {
    return this.#call(`write ${key} ${value}`, async () => {
      if (this.#errs('failed-write-happens')) {
        this.#apply(key, value);
        throw failure(true);
      }
      this.#failSometimes({ definite: true });
      if (this.#random() < 0.02) {
        void this.#turns().then(() => this.#apply(key, value));
        throw failure(false);
      }
      const tag = this.#errs('lost-write') ? ([++this.#counter, 'S1'] as const) : this.#apply(key, value);
      await this.#turns();
      this.#failSometimes({ definite: false });
      return { tag };
    });
  }

  #apply(key: string, value: string): Tag {
    const tag: Tag = [this.#errs('tag-used-twice') ? this.#counter : ++this.#counter, 'S1'];
    this.#previous.set(key, this.#cells.get(key) ?? { value: null, tag: [0, ''] });
    this.#cells.set(key, { value, tag });
    return tag;
  }

  async #call<T>(asked: string, work: () => Promise<T>): Promise<T> {
    this.asked.push(asked);
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.#underWay);
    this.onCall();
    try {
      await this.#turns();
      return await work();
    } finally {
      this.#underWay--;
    }
  }

  async #turns(): Promise<void> {
    for (let left = 1 + drawIndex(this.#random, 4); left > 0; left--) await turn();
  }

  #errs(mistake: Mistake): boolean {
    return this.#mistake === mistake && this.#random() < 0.1;
  }

  #failSometimes({ definite }: { readonly definite: boolean }): void {
    if (this.#random() < 0.02) throw failure(definite);
  }
}

function failure(definite: boolean): SynodError {
  return new SynodError('no_quorum', 'nobody answered', { definite });
}
