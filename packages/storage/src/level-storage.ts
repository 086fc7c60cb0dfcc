import { randomBytes } from 'node:crypto';
import { invariant, SynodError, type KeyRange, type Opening, type Storage, type StorageWrite } from '@synod/kernel';
import { apply, changesIn, overlay, type Changes } from './changes.js';
import { prepareCheckpoint } from './checkpoint.js';
import { CommitQueue } from './commit-queue.js';
import { closingOnError, openDatabase, type Database } from './database.js';
import { requireNames, type StoreIdentity } from './identity.js';
import type { Journal, OpenFile } from './journal/journal.js';
import { PagedEntries } from './pages.js';
import { recover, type RecoveredStore } from './recovery.js';
import { readTable, scanTable } from './table.js';

/** How many operations a checkpoint prepares in a turn at least: about a millisecond's worth. */
const FEWEST_PER_TURN = 500;
/**
 * … and this share of what has changed since it began. When thousands of changes arrive in every turn, a fixed number
 * would never be done with them, and memory would grow for as long as that lasts.
 */
const SHARE_PER_TURN = 1 / 4;

export interface CheckpointLimits {
  /** A checkpoint starts when the journal behind the last one holds about this many bytes. Default 8 MiB. */
  readonly checkpointBytes?: number;
  /** … or when it would take this many LevelDB operations, one for each changed key. Default 20,000. */
  readonly checkpointOperations?: number;
}

export interface LevelStorageOptions extends CheckpointLimits {
  readonly directory: string;
  /** Whose store it is: written into a new store, demanded of an existing one. */
  readonly identity: StoreIdentity;
  /** Makes the store if it is absent. Default true. */
  readonly create?: boolean;
}

/**
 * Durable storage in a LevelDB directory. A group of writes is one synced write of one journal entry; what arrives
 * while it is under way is the next group. Values that changed since the last checkpoint are held in memory, the
 * others are read from the table that checkpoints write.
 */
export class LevelStorage implements Storage {
  readonly identity: StoreIdentity;
  /** The store held nothing when it was opened. */
  readonly fresh: boolean;
  readonly opening: Opening;
  readonly #database: Database;
  readonly #journal: Journal;
  readonly #checkpointBytes: number;
  readonly #checkpointOperations: number;
  readonly #commits: CommitQueue;

  /** What changed since the last checkpoint was begun, durable or not. */
  #changes: Changes = new Map();
  /** What the checkpoint under way moves into the table. Nothing touches it any more. */
  #frozen: Changes | undefined;
  #checkpointing: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  /**
   * Opens the store of a directory. Rejects with `SynodError`: `config` if it is locked, absent (and not to be made)
   * or someone else's, `corrupt` if it contradicts itself, `storage_failed` if the disk does not answer.
   */
  static async open(options: LevelStorageOptions): Promise<LevelStorage> {
    const { directory, identity, create = true } = options;
    requireNames(directory, identity);
    return LevelStorage.on(await openDatabase(directory, create), identity, options);
  }

  /**
   * Like `open`, over an open database that belongs to the storage from here on.
   *
   * @internal
   */
  static async on(
    database: Database,
    identity: StoreIdentity,
    limits: CheckpointLimits = {},
    openFile?: OpenFile,
  ): Promise<LevelStorage> {
    return closingOnError(database, async () => {
      return new LevelStorage(database, await recover(database, identity, openFile), limits);
    });
  }

  /**
   * Over a database that was recovered already.
   *
   * @internal
   */
  constructor(database: Database, store: RecoveredStore, limits: CheckpointLimits = {}) {
    const { identity, fresh, journal } = store;
    this.identity = identity;
    this.fresh = fresh;
    const incarnation = randomBytes(8).readBigUInt64BE();
    this.opening = { disk: identity.disk, incarnation, recovered: journal.last.number };
    this.#database = database;
    this.#journal = journal;
    this.#commits = new CommitQueue(journal, database.location);
    this.#checkpointBytes = limits.checkpointBytes ?? 8 << 20;
    this.#checkpointOperations = limits.checkpointOperations ?? 20_000;
    invariant(this.#checkpointBytes > 0 && this.#checkpointOperations > 0, 'checkpoint limits are positive');
  }

  /** The number of the last durable journal entry; 0 if there never was one. One entry holds one group of writes. */
  get lastNumber(): number {
    return this.#journal.last.number;
  }

  write(batch: readonly StorageWrite[], done: (error?: Error) => void): void {
    if (this.#closed) return queueMicrotask(() => done(this.#closedError()));
    apply(this.#changes, batch);
    this.#commits.append(batch, sizeOf(batch), done);
    // Should it fail, this write and all later ones report it.
    if (this.#checkpointing === undefined && this.#checkpointIsDue()) this.#beginCheckpoint().catch(() => {});
  }

  get(key: string): Uint8Array | undefined {
    let change = this.#changes.get(key);
    if (change === undefined) change = this.#frozen?.get(key);
    if (change === undefined) return readTable(this.#database, key);
    return change === null ? undefined : new Uint8Array(change);
  }

  scan(range: KeyRange): AsyncIterable<readonly [key: string, value: Uint8Array]> {
    const layers = this.#frozen ? [this.#frozen, this.#changes] : [this.#changes];
    return new PagedEntries(overlay(changesIn(range, layers), scanTable(this.#database, range)));
  }

  /** Moves all that was written so far into the table and trims the journal. Rejects with the store's failure. */
  async checkpoint(): Promise<void> {
    while (this.#checkpointing) await this.#checkpointing;
    if (this.#closed) throw this.#closedError();
    await this.#beginCheckpoint();
  }

  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    // A failed store closes all the same: who wrote to it knows.
    await this.#checkpointing?.catch(() => {});
    await this.#commits.settled();
    this.#journal.close();
    await this.#database.close();
  }

  #checkpointIsDue(): boolean {
    return this.#journal.used >= this.#checkpointBytes || this.#changes.size >= this.#checkpointOperations;
  }

  #beginCheckpoint(): Promise<void> {
    this.#checkpointing = this.#makeCheckpoint().finally(() => (this.#checkpointing = undefined));
    return this.#checkpointing;
  }

  async #makeCheckpoint(): Promise<void> {
    const frozen = this.#changes;
    this.#frozen = frozen;
    this.#changes = new Map();
    try {
      const covers = await this.#commits.turn();
      const write = await prepareCheckpoint(this.#database, frozen, covers, () =>
        Math.max(FEWEST_PER_TURN, this.#changes.size * SHARE_PER_TURN),
      );
      await write().catch((cause: unknown) => Promise.reject(this.#commits.fail(cause)));
    } catch (error) {
      for (const [key, change] of this.#changes) frozen.set(key, change);
      this.#changes = frozen;
      throw error;
    } finally {
      this.#frozen = undefined;
    }
  }

  #closedError(): SynodError {
    return new SynodError('unavailable', `the store in ${this.#database.location} is closed`);
  }
}

function sizeOf(batch: readonly StorageWrite[]): number {
  let bytes = 0;
  for (const { key, value } of batch) bytes += key.length + (value?.length ?? 0) + 4;
  return bytes;
}
