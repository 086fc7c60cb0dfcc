import { SynodError, type StorageWrite } from '@synod/kernel';
import type { JournalPosition } from './journal/entry.js';
import type { Journal } from './journal/journal.js';

/** Writes that wait share one synced write up to about this size, so that none waits for a much larger one. */
const GROUP_BYTES = 1 << 20;

type Done = (error?: Error) => void;

interface Puts {
  readonly kind: 'puts';
  readonly puts: readonly StorageWrite[];
  readonly bytes: number;
  readonly done: Done;
}

type Job =
  Puts | { readonly kind: 'turn'; readonly done: (error: Error | undefined, position: JournalPosition) => void };

/**
 * Makes things durable one after the other: never more than one write of the journal is in flight. Puts that wait become
 * one entry together (group commit: DeWitt et al., *Implementation Techniques for Main Memory Database Systems*, SIGMOD
 * 1984).
 *
 * After the first failure nothing is written any more: what a disk has kept of a write that failed nobody knows (*Can
 * Applications Recover from fsync Failures?*, USENIX ATC 2020), and a LevelDB that met a full disk acknowledges writes
 * that are gone when it is opened again.
 */
export class CommitQueue {
  readonly #journal: Pick<Journal, 'append' | 'turn' | 'last'>;
  /** Where the store lies, for people. */
  readonly #place: string;
  readonly #jobs: Job[] = [];
  #failure: SynodError | undefined;
  #running = false;

  constructor(journal: Pick<Journal, 'append' | 'turn' | 'last'>, place: string) {
    this.#journal = journal;
    this.#place = place;
  }

  /** Journals `puts`, about `bytes` in size, then calls `done`; never before this call has returned. */
  append(puts: readonly StorageWrite[], bytes: number, done: Done): void {
    this.#add({ kind: 'puts', puts, bytes, done });
  }

  /**
   * Lets the journal go on in its other file behind all that was asked before, and nothing after it. Resolves with where it
   * stands then, once that is durable; rejects with the failure of the store.
   */
  turn(): Promise<JournalPosition> {
    return new Promise((resolve, reject) => {
      this.#add({ kind: 'turn', done: (error, position) => (error ? reject(error) : resolve(position)) });
    });
  }

  /** Waits until nothing is in flight, failed or not. */
  settled(): Promise<void> {
    return new Promise((resolve) => this.append([], 0, () => resolve()));
  }

  /** The disk did not take something else of this store. Returns the failure that whoever writes is told from now on. */
  fail(cause: unknown): SynodError {
    const message = `writing to the store in ${this.#place} failed: ${(cause as Error).message}`;
    this.#failure ??= new SynodError('storage_failed', message, { cause, definite: false });
    return this.#failure;
  }

  #add(job: Job): void {
    this.#jobs.push(job);
    if (this.#running) return;
    this.#running = true;
    queueMicrotask(() => void this.#workOff());
  }

  async #workOff(): Promise<void> {
    for (let job = this.#jobs[0]; job; job = this.#jobs[0]) {
      if (job.kind === 'puts') {
        for (const { done } of await this.#writeGroup()) done(this.#failure);
      } else {
        this.#jobs.shift();
        job.done(this.#failure, this.#failure ? this.#journal.last : this.#journal.turn());
      }
    }
    this.#running = false;
  }

  /** Returns whose puts were in it. */
  async #writeGroup(): Promise<Puts[]> {
    const group: Puts[] = [];
    let bytes = 0;
    for (const job of this.#jobs) {
      if (job.kind !== 'puts' || bytes >= GROUP_BYTES) break;
      group.push(job);
      bytes += job.bytes;
    }
    const puts = group.length === 1 ? group[0]!.puts : group.flatMap((job) => job.puts);
    if (puts.length > 0 && !this.#failure) {
      try {
        await this.#journal.append(puts, bytes);
      } catch (cause) {
        this.fail(cause);
      }
    }
    this.#jobs.splice(0, group.length);
    return group;
  }
}
