import { drawIndex, seededRandom } from '@synod/simulator';
import type { Random } from '@synod/kernel';
import { LevelStorage } from '@synod/storage';
import { Findings } from '../findings.js';
import type { Ended, Subject, Verification } from '../subject.js';
import { valuesOf } from './random-value.js';

export interface StorageTask {
  readonly kind: 'storage';
  readonly directory: string;
  readonly keys: number;
  readonly valueBytes: number;
  readonly seed: number;
}

const identity = { cluster: 'bench', node: 'S1', format: 'bench-1' };

/** Durable writes of one value each. Those that wait together are one group: one synced write. */
export class StorageSubject implements Subject {
  readonly #task: StorageTask;
  #storage: LevelStorage;
  readonly #random: Random;
  readonly #nextValue: () => Uint8Array;
  /** Writes become durable in call order: the last one asked for is what a key holds when all are answered. */
  readonly #last = new Map<string, Uint8Array>();
  #bytes = 0;

  static async open(task: StorageTask): Promise<StorageSubject> {
    return new StorageSubject(task, await LevelStorage.open({ directory: task.directory, identity }));
  }

  private constructor(task: StorageTask, storage: LevelStorage) {
    this.#task = task;
    this.#storage = storage;
    this.#random = seededRandom(task.seed, 'storage');
    this.#nextValue = valuesOf(task.valueBytes, this.#random);
  }

  begin(ended: Ended): void {
    const key = `k${drawIndex(this.#random, this.#task.keys)}`;
    const value = this.#nextValue();
    this.#last.set(key, value);
    this.#bytes += key.length + value.length;
    this.#storage.write([{ key, value }], (error) => {
      if (error) throw error;
      ended('write');
    });
  }

  counters(): Record<string, number> {
    return { groups: this.#storage.lastNumber, bytes: this.#bytes };
  }

  /** Opens the store again, and looks at every key. */
  async verify(): Promise<Verification> {
    await this.#storage.close();
    this.#storage = await LevelStorage.open({ directory: this.#task.directory, identity, create: false });
    const findings = new Findings();
    for (const [key, value] of this.#last) {
      const found = this.#storage.get(key);
      if (!found || Buffer.compare(found, value) !== 0) findings.lose(`${key}: not what was written last`);
      findings.checked++;
    }
    return findings.result();
  }

  close(): Promise<void> {
    return this.#storage.close();
  }
}
