import type { Database } from '../database.js';
import type { OpenFile } from '../journal/journal.js';
import { SyncedFile } from '../journal/synced-file.js';

/** What a failed write left on the disk: a failed fsync says neither that the bytes are there nor that they are not. */
export type Left = 'nothing' | 'all';

export const IO_ERROR = new Error('EIO: i/o error, fdatasync');

/**
 * A disk that fails once, at synced write number `at` (from 1 on), of the journal or of LevelDB, and works again after
 * that: so the kernel reports a failed fsync, once (*Can Applications Recover from fsync Failures?*, USENIX ATC 2020).
 */
export class FailingDisk {
  readonly #at: number;
  readonly #left: Left;
  readonly #until: Promise<void> | undefined;
  readonly #met: () => void;
  #writes = 0;
  /** Resolves when the write that fails has begun. */
  readonly met: Promise<void>;

  /** `until`: how long it takes to say that it has failed. */
  constructor(at: number, left: Left, until?: Promise<void>) {
    this.#at = at;
    this.#left = left;
    this.#until = until;
    let met = (): void => {};
    this.met = new Promise((resolve) => (met = resolve));
    this.#met = met;
  }

  /** For the journal. */
  readonly openFile: OpenFile = (path, options) => {
    const file = new SyncedFile(path, options);
    const write = file.write.bind(file);
    return Object.assign(file, {
      write: (bytes: Uint8Array, at: number) => this.#attempt(() => write(bytes, at)),
    });
  };

  /** The same database, but on this disk. */
  under(database: Database): Database {
    const batch = () => {
      const whole = database.batch();
      const write = whole.write.bind(whole);
      return Object.assign(whole, { write: (options: object) => this.#attempt(() => write(options)) });
    };
    return new Proxy(database, {
      get(target, name) {
        if (name === 'batch') return batch;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  async #attempt(write: () => Promise<void>): Promise<void> {
    if (++this.#writes !== this.#at) return write();
    if (this.#left === 'all') await write();
    this.#met();
    await this.#until;
    throw IO_ERROR;
  }
}
