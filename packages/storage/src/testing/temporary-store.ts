import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoragePlace } from '@synod/kernel/testing';
import { unsealCheckpoint } from '../checkpoint.js';
import { openDatabase } from '../database.js';
import type { StoreIdentity } from '../identity.js';
import { Journal, type OpenFile } from '../journal/journal.js';
import { CHECKPOINT_KEY } from '../layout.js';
import { LevelStorage, type LevelStorageOptions } from '../level-storage.js';

export const IDENTITY: StoreIdentity = { cluster: 'test', node: 'S1', format: 'test-1' };

/** A store in a directory that `remove` takes away. */
export class TemporaryStore implements StoragePlace {
  readonly #options: Partial<LevelStorageOptions>;
  readonly #openFile: OpenFile | undefined;
  readonly #open: LevelStorage[] = [];
  #root: string | undefined;
  #lives = 1;

  /** `openFile`: for the files of the journal, instead of the usual one. */
  constructor(options: Partial<LevelStorageOptions> = {}, openFile?: OpenFile) {
    this.#options = options;
    this.#openFile = openFile;
  }

  /** Where the store lies; absent until it is opened. */
  async directory(): Promise<string> {
    this.#root ??= await mkdtemp(join(tmpdir(), 'synod-storage-'));
    return join(this.#root, `life-${this.#lives}`);
  }

  async open(options: Partial<LevelStorageOptions> = {}): Promise<LevelStorage> {
    const directory = await this.directory();
    const storage = await this.#storage({ directory, identity: IDENTITY, ...this.#options, ...options });
    this.#open.push(storage);
    return storage;
  }

  async #storage(options: LevelStorageOptions): Promise<LevelStorage> {
    if (!this.#openFile) return LevelStorage.open(options);
    const database = await openDatabase(options.directory, options.create ?? true);
    return LevelStorage.on(database, options.identity, options, this.#openFile);
  }

  /** Opens a copy of the files as they are now: what is in flight is in them wholly, torn, or not at all. */
  async crash(): Promise<LevelStorage> {
    const before = await this.directory();
    this.#lives++;
    await snapshot(before, await this.directory());
    return this.open();
  }

  /** Numbers of the journal entries behind the checkpoint. The store is not open. */
  async journaled(): Promise<number[]> {
    const database = await openDatabase(await this.directory(), false);
    const covered = unsealCheckpoint((await database.get(CHECKPOINT_KEY))!);
    await database.close();
    const journal = Journal.open(await this.directory());
    try {
      return journal.read(covered).entries.map(({ number }) => number);
    } finally {
      journal.close();
    }
  }

  /** The file of the journal that was written last. */
  async journal(): Promise<string> {
    const directory = await this.directory();
    const files = ['journal-1', 'journal-2'].map((name) => join(directory, name));
    const [one, two] = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
    return files[one! > two! ? 0 : 1]!;
  }

  async remove(): Promise<void> {
    await Promise.all(this.#open.map((storage) => storage.close()));
    if (this.#root) await rm(this.#root, { recursive: true });
  }
}

/**
 * Copies a directory in which LevelDB works: anew for as long as files come or go meanwhile, for then the copy would hold
 * a state that never was on disk.
 */
async function snapshot(from: string, to: string): Promise<void> {
  for (;;) {
    const files = await readdir(from);
    try {
      await cp(from, to, { recursive: true });
      if (files.join() === (await readdir(from)).join()) return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    await rm(to, { recursive: true, force: true });
  }
}

/** Resolves when durable. */
export function put(storage: LevelStorage, values: Record<string, string | undefined>): Promise<void> {
  const batch = Object.entries(values).map(([key, value]) => ({
    key,
    value: value === undefined ? value : Buffer.from(value),
  }));
  return new Promise((resolve, reject) => storage.write(batch, (error) => (error ? reject(error) : resolve())));
}

export function read(storage: Pick<LevelStorage, 'get'>, key: string): string | undefined {
  const value = storage.get(key);
  return value && Buffer.from(value).toString();
}

export async function content(storage: Pick<LevelStorage, 'scan'>): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const [key, value] of storage.scan({ from: '', to: '\x7f' })) found[key] = Buffer.from(value).toString();
  return found;
}
