import { invariant, SynodError, type KeyRange, type Random, type Storage, type StorageWrite } from '@synod/kernel';
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
  readonly complete: () => void;
  completion: Scheduled;
}

/** What a disk that confirms too early has confirmed: what was durable before, and the writes since, in order. */
interface Unsynced {
  readonly before: ReadonlyMap<string, Uint8Array>;
  readonly batches: (readonly StorageWrite[])[];
}

/** What can be wrong with one node's disk. */
export interface DiskFaults {
  /** From now on writes take so many times as long, also those that are under way. */
  slowDown(times: number): void;
  /** There is no space: every write fails. */
  full: boolean;
  /** A stored bit has flipped; the next opening finds the record whose checksum contradicts it, and refuses. */
  readonly damaged: boolean;
  damage(): void;
  /** From now on writes are confirmed before they are durable. */
  lie(): void;
  /** The lie ends: all that was confirmed is durable. */
  confess(): void;
  /** Of what was confirmed and is not durable, how much a crash leaves: a prefix, 0 to 1 of the writes. */
  kept: number;
}

/** One node's disk: outlives its processes. A batch is durable when its write completes, whole and in call order. */
export class SimulatedDisk implements DiskFaults {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #conditions: DiskConditions;
  readonly #durable = new Map<string, Uint8Array>();
  readonly #unfinished: Unfinished[] = [];
  #busyUntil = 0;
  #unsynced: Unsynced | undefined;
  #damaged = false;
  #failed = false;
  #slowness = 1;
  full = false;
  kept = 0;
  /** Called in the middle of the next write. */
  midWrite: (() => void) | undefined;

  constructor(timeline: Timeline, random: Random, conditions: DiskConditions) {
    this.#timeline = timeline;
    this.#random = random;
    this.#conditions = conditions;
  }

  /** What a crash now would certainly leave, by key, if the disk does not lie. */
  get durable(): ReadonlyMap<string, Uint8Array> {
    return this.#durable;
  }

  get damaged(): boolean {
    return this.#damaged;
  }

  /** A write has failed, and the process that made it may not have noticed yet. */
  get failed(): boolean {
    return this.#failed;
  }

  slowDown(times: number): void {
    this.#slowness = times;
    this.#busyUntil = this.#timeline.now;
    for (const write of this.#unfinished) {
      write.completion.task = undefined;
      write.completion = this.#schedule(write.complete);
    }
  }

  damage(): void {
    this.#damaged = this.#durable.size > 0;
  }

  lie(): void {
    this.#unsynced ??= { before: new Map(this.#durable), batches: [] };
  }

  confess(): void {
    this.#unsynced = undefined;
  }

  /** The storage port of one process on this disk. */
  mount(process: Process): Storage {
    return {
      write: (batch, done) => {
        if (process.alive) this.#write(batch, (error) => process.run(() => done(error)));
      },
      get: (key) => this.#get(key),
      scan: (range) => inTurn(this.range(range)),
      close: () => new Promise((resolve) => void this.#timeline.schedule(this.#busyUntil, resolve)),
    };
  }

  /** The records of a range in key order, with what is being written. Throws `SynodError` `corrupt` if the disk is damaged. */
  range({ from, to }: KeyRange): (readonly [key: string, value: Uint8Array])[] {
    if (this.#damaged) throw new SynodError('corrupt', 'a stored record contradicts its checksum');
    const seen = new Map(this.#durable);
    for (const { batch } of this.#unfinished) apply(batch, seen);
    const keys = [...seen.keys()].filter((key) => key >= from && key < to).sort();
    return keys.map((key) => [key, new Uint8Array(seen.get(key)!)] as const);
  }

  /**
   * The process ended: of the unfinished writes a prefix, possibly empty, has reached the disk, each write whole or not
   * at all; of what a lying disk has confirmed, a prefix. Returns how many writes reached it unseen, and how many did not.
   */
  crash(): { readonly survived: number; readonly lost: number } {
    const torn = this.#unsynced !== undefined && this.#forgetUnsynced(this.#unsynced);
    let survived = 0;
    let lost = 0;
    for (const { batch, completion } of this.#unfinished.splice(0)) {
      completion.task = undefined;
      if (torn || lost > 0 || this.#random() >= this.#conditions.survival) lost++;
      else {
        survived++;
        apply(batch, this.#durable);
      }
    }
    this.#busyUntil = this.#timeline.now;
    this.midWrite = undefined;
    this.#failed = false;
    return { survived, lost };
  }

  /** Another, empty disk takes its place. */
  lose(): void {
    invariant(this.#unfinished.length === 0, 'nobody writes to a disk that is taken away');
    this.#durable.clear();
    this.#damaged = false;
    this.#unsynced = undefined;
  }

  /** Back to what was durable, and of what was confirmed since a prefix. Whether anything of it is gone. */
  #forgetUnsynced({ before, batches }: Unsynced): boolean {
    const left = Math.floor(batches.length * this.kept);
    this.#durable.clear();
    for (const [key, value] of before) this.#durable.set(key, value);
    for (const batch of batches.slice(0, left)) apply(batch, this.#durable);
    this.#unsynced = undefined;
    return left < batches.length;
  }

  #write(batch: readonly StorageWrite[], done: (error?: Error) => void): void {
    const begin = Math.max(this.#busyUntil, this.#timeline.now);
    const complete = (): void => {
      if (this.full) {
        this.#failed = true;
        return done(new SynodError('storage_failed', 'no space left on the disk'));
      }
      this.#unfinished.shift();
      apply(batch, this.#durable);
      this.#unsynced?.batches.push(batch);
      done();
    };
    this.#unfinished.push({ batch, complete, completion: this.#schedule(complete) });
    if (this.midWrite) this.#timeline.schedule((begin + this.#busyUntil) / 2, this.midWrite);
    this.midWrite = undefined;
  }

  /** Writes are made one after the other. */
  #schedule(complete: () => void): Scheduled {
    const begin = Math.max(this.#busyUntil, this.#timeline.now);
    this.#busyUntil = begin + drawFrom(this.#random, this.#conditions.writeMs) * this.#slowness;
    return this.#timeline.schedule(this.#busyUntil, complete);
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
