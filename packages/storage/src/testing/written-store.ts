import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { SynodError } from '@synod/kernel';
import { openDatabase } from '../database.js';
import { LevelStorage } from '../level-storage.js';
import { content, IDENTITY, put, read } from './temporary-store.js';

/** What became of a damaged store: it reads as if nothing had happened, or as before its last groups, or refuses. */
export type Verdict =
  | { readonly kind: 'right' }
  | { readonly kind: 'shorter'; readonly groups: number }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'wrong'; readonly message: string };

/** How much the store of a sweep holds: its tables grow with `keys`. */
export interface Size {
  readonly keys: number;
  /** Groups that stand in the journal alone. */
  readonly tail: number;
  /** Ends with a checkpoint, as a server that is stopped does. */
  readonly checkpointed?: boolean;
}

/**
 * A store on the disk, with tables on two levels, values that were written over and removed, entries in both files of the
 * journal, and with all that it ever acknowledged: what it held after each group of writes.
 */
export class WrittenStore {
  readonly #root: string;
  readonly #states = new Map<number, Record<string, string>>();
  readonly #keys = new Set<string>();
  #state: Record<string, string> = {};
  #copies = 0;

  static async make({ keys, tail, checkpointed = false }: Size): Promise<WrittenStore> {
    const written = new WrittenStore(await mkdtemp(join(tmpdir(), 'synod-written-')));
    const every = (step: number) => Array.from({ length: Math.ceil(keys / step) }, (_, i) => `key/${i * step}`);
    await written.#session(async (storage) => {
      for (const key of every(1)) await written.#put(storage, { [key]: `first ${key} `.repeat(9) });
      await storage.checkpoint();
    });
    const database = await openDatabase(written.directory, false);
    await database.compactRange('', '~');
    await database.close();
    await written.#session(async (storage) => {
      for (const key of every(3)) await written.#put(storage, { [key]: `second ${key}`, [`${key}/more`]: 'more' });
      for (const key of every(5)) await written.#put(storage, { [key]: undefined });
      await storage.checkpoint();
      for (const key of every(7)) await written.#put(storage, { [key]: `third ${key}` });
    });
    await written.#session(async (storage) => {
      for (let i = 0; i < tail; i++) await written.#put(storage, { [`key/${i}`]: 'last', [`tail/${i}`]: 'v' });
      if (checkpointed) await storage.checkpoint();
    });
    return written;
  }

  private constructor(root: string) {
    this.#root = root;
  }

  get directory(): string {
    return join(this.#root, 'store');
  }

  async files(pattern: RegExp): Promise<string[]> {
    return (await readdir(this.directory)).filter((file) => pattern.test(file)).sort();
  }

  bytesOf(file: string): Promise<Buffer> {
    return readFile(join(this.directory, file));
  }

  /** Opens a copy in which some files have other bytes, or are gone, and reads all of it. */
  async with(changed: Record<string, Uint8Array | undefined>): Promise<Verdict> {
    const copy = join(this.#root, `copy-${this.#copies++}`);
    await mkdir(copy);
    try {
      for (const file of await readdir(this.directory)) {
        // LevelDB writes to no file that it finds, and nothing is journaled here.
        if (!(file in changed)) await link(join(this.directory, file), join(copy, file));
      }
      for (const [file, bytes] of Object.entries(changed)) if (bytes) await writeFile(join(copy, file), bytes);
      return await this.#verdict(copy);
    } finally {
      await rm(copy, { recursive: true });
    }
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true });
  }

  async #verdict(directory: string): Promise<Verdict> {
    let storage: LevelStorage | undefined;
    try {
      storage = await LevelStorage.open({ directory, identity: IDENTITY });
      const expected = this.#states.get(storage.lastNumber);
      if (expected === undefined) return { kind: 'wrong', message: `there was no group ${storage.lastNumber}` };
      if (!isDeepStrictEqual(await content(storage), expected)) return { kind: 'wrong', message: 'by scan' };
      for (const key of this.#keys) {
        if (read(storage, key) !== expected[key]) return { kind: 'wrong', message: `${key} by get` };
      }
      const groups = this.#states.size - 1 - storage.lastNumber;
      return groups === 0 ? { kind: 'right' } : { kind: 'shorter', groups };
    } catch (error) {
      if (error instanceof SynodError && error.code === 'corrupt') return { kind: 'refused', message: error.message };
      return { kind: 'wrong', message: String(error) };
    } finally {
      await storage?.close();
    }
  }

  async #session(use: (storage: LevelStorage) => Promise<void>): Promise<void> {
    const storage = await LevelStorage.open({ directory: this.directory, identity: IDENTITY });
    this.#states.set(storage.lastNumber, this.#state);
    await use(storage);
    await storage.close();
  }

  async #put(storage: LevelStorage, values: Record<string, string | undefined>): Promise<void> {
    await put(storage, values);
    this.#state = { ...this.#state };
    for (const [key, value] of Object.entries(values)) {
      this.#keys.add(key);
      if (value === undefined) delete this.#state[key];
      else this.#state[key] = value;
    }
    this.#states.set(storage.lastNumber, this.#state);
  }
}
