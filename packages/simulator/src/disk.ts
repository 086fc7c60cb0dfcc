import type { KeyRange, Random, Storage, StorageWrite } from '@synod/kernel';
import type { Process } from './process.js';
import { drawFrom, type Range } from './random.js';
import type { Scheduled, Timeline } from './timeline.js';

export interface DiskConditions {
  /** How long one durable write takes. */
  readonly writeMs: Range;
  /** The probability that a write which a crash interrupts had reached the disk though nobody was told. */
  readonly survival: number;
}

export const defaultDisk: DiskConditions = { writeMs: [0.5, 2], survival: 0.5 };

interface Unfinished {
  readonly batch: readonly StorageWrite[];
  readonly completion: Scheduled;
}

/** One node's disk: outlives its processes. A batch is durable when its write completes, whole and in call order. */
export class SimulatedDisk {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #conditions: DiskConditions;
  readonly #durable = new Map<string, Uint8Array>();
  readonly #unfinished: Unfinished[] = [];
  #busyUntil = 0;

  constructor(timeline: Timeline, random: Random, conditions: DiskConditions) {
    this.#timeline = timeline;
    this.#random = random;
    this.#conditions = conditions;
  }

  /** What a crash now would certainly leave, by key. */
  get durable(): ReadonlyMap<string, Uint8Array> {
    return this.#durable;
  }

  /** The storage port of one process on this disk. */
  mount(process: Process): Storage {
    return {
      write: (batch, done) => {
        if (process.alive) this.#write(batch, () => process.run(done));
      },
      get: (key) => this.#get(key),
      scan: (range) => inTurn(this.range(range)),
      close: () => new Promise((resolve) => void this.#timeline.schedule(this.#busyUntil, resolve)),
    };
  }

  /** The records of a range in key order, with what is being written. */
  range({ from, to }: KeyRange): (readonly [key: string, value: Uint8Array])[] {
    const seen = new Map(this.#durable);
    for (const { batch } of this.#unfinished) apply(batch, seen);
    const keys = [...seen.keys()].filter((key) => key >= from && key < to).sort();
    return keys.map((key) => [key, new Uint8Array(seen.get(key)!)] as const);
  }

  /** The process ended: of the unfinished writes a prefix, possibly empty, has reached the disk. */
  crash(): void {
    let lost = false;
    for (const { batch, completion } of this.#unfinished.splice(0)) {
      completion.task = undefined;
      lost ||= this.#random() >= this.#conditions.survival;
      if (!lost) apply(batch, this.#durable);
    }
    this.#busyUntil = this.#timeline.now;
  }

  lose(): void {
    this.#durable.clear();
  }

  #write(batch: readonly StorageWrite[], done: () => void): void {
    this.#busyUntil = Math.max(this.#busyUntil, this.#timeline.now) + drawFrom(this.#random, this.#conditions.writeMs);
    const completion = this.#timeline.schedule(this.#busyUntil, () => {
      this.#unfinished.shift();
      apply(batch, this.#durable);
      done();
    });
    this.#unfinished.push({ batch, completion });
  }

  #get(key: string): Uint8Array | undefined {
    const value = this.#latest(key);
    return value && new Uint8Array(value);
  }

  #latest(key: string): Uint8Array | undefined {
    for (const { batch } of this.#unfinished.toReversed()) {
      const put = batch.findLast((candidate) => candidate.key === key);
      if (put) return put.value;
    }
    return this.#durable.get(key);
  }
}

function apply(batch: readonly StorageWrite[], records: Map<string, Uint8Array>): void {
  for (const { key, value } of batch) {
    if (value === undefined) records.delete(key);
    else records.set(key, value);
  }
}

async function* inTurn<T>(items: Iterable<T>): AsyncIterable<T> {
  yield* items;
}
