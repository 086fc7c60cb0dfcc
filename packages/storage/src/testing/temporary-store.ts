import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoragePlace } from '@synod/kernel/testing';
import type { StoreIdentity } from '../identity.js';
import { LevelStorage, type LevelStorageOptions } from '../level-storage.js';

export const IDENTITY: StoreIdentity = { cluster: 'test', node: 'S1', format: 'test-1' };

/** A store in a directory that `remove` takes away. */
export class TemporaryStore implements StoragePlace {
  readonly #options: Partial<LevelStorageOptions>;
  readonly #open: LevelStorage[] = [];
  #root: string | undefined;
  #lives = 1;

  constructor(options: Partial<LevelStorageOptions> = {}) {
    this.#options = options;
  }

  /** Where the store lies; absent until it is opened. */
  async directory(): Promise<string> {
    this.#root ??= await mkdtemp(join(tmpdir(), 'synod-storage-'));
    return join(this.#root, `life-${this.#lives}`);
  }

  async open(options: Partial<LevelStorageOptions> = {}): Promise<LevelStorage> {
    const directory = await this.directory();
    const storage = await LevelStorage.open({ directory, identity: IDENTITY, ...this.#options, ...options });
    this.#open.push(storage);
    return storage;
  }

  /** Opens a copy of the files as they are now: what is in flight is in them wholly, torn, or not at all. */
  async crash(): Promise<LevelStorage> {
    const before = await this.directory();
    this.#lives++;
    await snapshot(before, await this.directory());
    return this.open();
  }

  /** The store's only LevelDB log. */
  async log(): Promise<string> {
    const directory = await this.directory();
    const logs = (await readdir(directory)).filter((file) => file.endsWith('.log'));
    if (logs.length !== 1) throw new Error(`expected one log, found ${logs.join(', ')}`);
    return join(directory, logs[0]!);
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
