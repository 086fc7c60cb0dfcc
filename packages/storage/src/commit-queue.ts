import { SynodError, type StorageWrite } from '@synod/kernel';
import type { Database } from './database.js';
import { sealEntry, type JournalPosition } from './journal.js';

/** Writes that wait share one synced write up to about this size, so that none waits for a much larger one. */
const GROUP_BYTES = 1 << 20;

type Done = (error?: Error) => void;

type Job =
  | { readonly kind: 'puts'; readonly puts: readonly StorageWrite[]; readonly bytes: number; readonly done: Done }
  | { readonly kind: 'alone'; readonly write: () => Promise<void>; readonly done: Done };

/**
 * Makes things durable one after the other: never more than one synced write is in flight. Puts that wait become one
 * journal entry together (group commit: DeWitt et al., *Implementation Techniques for Main Memory Database Systems*,
 * SIGMOD 1984).
 *
 * After the first failure nothing is written any more: a LevelDB that met a full disk acknowledges writes that are
 * gone when it is opened again.
 */
export class CommitQueue {
  readonly #database: Database;
  readonly #jobs: Job[] = [];
  #last: JournalPosition;
  #failure: SynodError | undefined;
  #running = false;

  constructor(database: Database, last: JournalPosition) {
    this.#database = database;
    this.#last = last;
  }

  /** The last durable journal entry. */
  get last(): JournalPosition {
    return this.#last;
  }

  /** Journals `puts`, about `bytes` in size, then calls `done`; never before this call has returned. */
  append(puts: readonly StorageWrite[], bytes: number, done: Done): void {
    this.#add({ kind: 'puts', puts, bytes, done });
  }

  /** Runs `write` when all that was asked before is durable and nothing else is in flight. */
  alone(write: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#add({ kind: 'alone', write, done: (error) => (error ? reject(error) : resolve()) });
    });
  }

  /** Where the journal stands with all that was asked before, and nothing after it. */
  async settled(): Promise<JournalPosition> {
    let position = this.#last;
    await this.alone(async () => void (position = this.#last));
    return position;
  }

  #add(job: Job): void {
    this.#jobs.push(job);
    if (this.#running) return;
    this.#running = true;
    queueMicrotask(() => void this.#workOff());
  }

  async #workOff(): Promise<void> {
    for (let job = this.#jobs[0]; job; job = this.#jobs[0]) {
      const jobs = job.kind === 'puts' ? await this.#writeGroup() : await this.#writeAlone(job);
      for (const { done } of jobs) done(this.#failure);
    }
    this.#running = false;
  }

  async #writeAlone(job: Job & { kind: 'alone' }): Promise<Job[]> {
    await this.#durably(job.write);
    return this.#jobs.splice(0, 1);
  }

  async #writeGroup(): Promise<Job[]> {
    const puts: StorageWrite[] = [];
    let jobs = 0;
    let bytes = 0;
    for (const job of this.#jobs) {
      if (job.kind !== 'puts' || bytes >= GROUP_BYTES) break;
      for (const put of job.puts) puts.push(put);
      bytes += job.bytes;
      jobs++;
    }
    if (puts.length > 0) {
      await this.#durably(async () => {
        const { key, value, position } = sealEntry(this.#last, puts, bytes);
        await this.#database.put(key, value, { sync: true });
        this.#last = position;
      });
    }
    return this.#jobs.splice(0, jobs);
  }

  async #durably(write: () => Promise<void>): Promise<void> {
    if (this.#failure) return;
    try {
      await write();
    } catch (cause) {
      const message = `writing to the store in ${this.#database.location} failed: ${(cause as Error).message}`;
      this.#failure = new SynodError('storage_failed', message, { cause, definite: false });
    }
  }
}
