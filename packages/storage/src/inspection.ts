import { constants } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyRange } from '@synod/kernel';
import { closingOnError, openDatabase, requireStore } from './database.js';
import type { StoreIdentity } from './identity.js';
import { LevelStorage } from './level-storage.js';
import { readIdentity, replay } from './recovery.js';

/**
 * Reads the store of a process that does not run. Opening a LevelDB directory changes its files, so this opens a
 * temporary copy; the original stays as it is, byte for byte.
 */
export class Inspection {
  readonly #storage: LevelStorage;
  readonly #copy: string;

  /**
   * Copies the store of a directory into a folder under `temporary` and opens it. Rejects with `SynodError`: `config` if there is none, `corrupt` if it
   * contradicts itself (as the copy of a store that is being written may).
   */
  static async open(directory: string, temporary = tmpdir()): Promise<Inspection> {
    await requireStore(directory);
    const copy = await mkdtemp(join(temporary, 'synod-inspection-'));
    try {
      await cp(directory, copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
      const database = await openDatabase(copy, false);
      return await closingOnError(database, async () => {
        const identity = await readIdentity(database, directory);
        const journal = await replay(database, directory);
        return new Inspection(new LevelStorage(database, { identity, fresh: false, journal }), copy);
      });
    } catch (error) {
      await rm(copy, { recursive: true, force: true });
      throw error;
    }
  }

  private constructor(storage: LevelStorage, copy: string) {
    this.#storage = storage;
    this.#copy = copy;
  }

  get identity(): StoreIdentity {
    return this.#storage.identity;
  }

  /** The number of the last journal entry. */
  get lastNumber(): number {
    return this.#storage.lastNumber;
  }

  get(key: string): Uint8Array | undefined {
    return this.#storage.get(key);
  }

  scan(range: KeyRange): AsyncIterable<readonly [key: string, value: Uint8Array]> {
    return this.#storage.scan(range);
  }

  /** Closes and removes the copy. */
  async close(): Promise<void> {
    await this.#storage.close();
    await rm(this.#copy, { recursive: true, force: true });
  }
}
