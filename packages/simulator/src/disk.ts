import {
  invariant,
  SynodError,
  Witness,
  witnessKey,
  type KeyRange,
  type Opening,
  type Random,
  type Standing,
  type Storage,
  type StorageWrite,
} from '@synod/kernel';
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
  /** The number of the last write before them. */
  readonly number: number;
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
  /** The lie ends: of what was confirmed during it only this part is there, 0 to 1 of the writes. */
  forget(kept: number): void;
  /** The same, but the disk counts what is gone as if it were there. */
  loseWrites(kept: number): void;
  /** It has forgotten what it confirmed. */
  readonly cut: boolean;
}

/** One node's disk: outlives its processes. A batch is durable when its write completes, whole and in call order. */
export class SimulatedDisk implements DiskFaults {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #conditions: DiskConditions;
  readonly #durable = new Map<string, Uint8Array>();
  readonly #unfinished: Unfinished[] = [];
  readonly #owner: string;
  #losses = 0;
  #openings = 0n;
  #number = 0;
  #busyUntil = 0;
  #unsynced: Unsynced | undefined;
  #damaged = false;
  #cut = false;
  #failed = false;
  #slowness = 1;
  full = false;
  /** Called in the middle of the next write. */
  midWrite: (() => void) | undefined;

  /** `owner`: whose disk it is, to name it after. */
  constructor(owner: string, timeline: Timeline, random: Random, conditions: DiskConditions) {
    this.#owner = owner;
    this.#timeline = timeline;
    this.#random = random;
    this.#conditions = conditions;
  }

  /** What a crash now would certainly leave, by key, if the disk does not lie. */
  get durable(): ReadonlyMap<string, Uint8Array> {
    return this.#durable;
  }

  get cut(): boolean {
    return this.#cut;
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
    this.#unsynced ??= { before: new Map(this.#durable), number: this.#number, batches: [] };
  }

  confess(): void {
    this.#unsynced = undefined;
  }

  forget(kept: number): void {
    invariant(this.#unfinished.length === 0, 'nobody writes to a disk that forgets');
    const { records, number } = this.#without(kept);
    this.#cut ||= number < this.#number;
    this.#number = number;
    this.#replace(records);
  }

  loseWrites(kept: number): void {
    const memory = this.#durable.get(witnessKey);
    this.#replace(this.#without(kept).records);
    if (memory) this.#durable.set(witnessKey, memory);
  }

  /** What the next process would say of this disk, had it forgotten; undefined if it would forget nothing. */
  standingWithout(kept: number): Standing | undefined {
    const { records, number } = this.#without(kept);
    const opening = { ...this.#nextOpening(), recovered: number };
    return number < this.#number ? new Witness(opening, records.get(witnessKey)).standing : undefined;
  }

  /** What the next process on this disk would remember of its peers. */
  witness(): Witness {
    return new Witness(this.#nextOpening(), this.#durable.get(witnessKey));
  }

  /** The storage port of one process on this disk. */
  mount(process: Process): Storage {
    const opening = this.#nextOpening();
    this.#openings++;
    const lastNumber = (): number => this.#number;
    return {
      opening,
      get lastNumber() {
        return lastNumber();
      },
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
   * at all. Returns how many writes reached it unseen, and how many did not.
   */
  crash(): { readonly survived: number; readonly lost: number } {
    let survived = 0;
    let lost = 0;
    for (const { batch, completion } of this.#unfinished.splice(0)) {
      completion.task = undefined;
      if (lost > 0 || this.#random() >= this.#conditions.survival) lost++;
      else {
        survived++;
        this.#keep(batch);
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
    this.#cut = false;
    this.#unsynced = undefined;
    this.#number = 0;
    this.#losses++;
  }

  /** What was durable before the lie, and of what was confirmed during it a prefix. */
  #without(kept: number): { readonly records: ReadonlyMap<string, Uint8Array>; readonly number: number } {
    if (this.#unsynced === undefined) return { records: new Map(this.#durable), number: this.#number };
    const { before, batches, number } = this.#unsynced;
    const left = batches.slice(0, Math.floor(batches.length * kept));
    const records = new Map(before);
    for (const batch of left) apply(batch, records);
    return { records, number: number + left.length };
  }

  #replace(records: ReadonlyMap<string, Uint8Array>): void {
    this.#durable.clear();
    for (const [key, value] of records) this.#durable.set(key, value);
    this.#unsynced = undefined;
  }

  #keep(batch: readonly StorageWrite[]): void {
    apply(batch, this.#durable);
    this.#number++;
    this.#unsynced?.batches.push(batch);
  }

  #nextOpening(): Opening {
    return { disk: `${this.#owner}/${this.#losses}`, incarnation: this.#openings + 1n, recovered: this.#number };
  }

  #write(batch: readonly StorageWrite[], done: (error?: Error) => void): void {
    const begin = Math.max(this.#busyUntil, this.#timeline.now);
    const complete = (): void => {
      if (this.full) {
        this.#failed = true;
        return done(new SynodError('storage_failed', 'no space left on the disk'));
      }
      this.#unfinished.shift();
      this.#keep(batch);
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
