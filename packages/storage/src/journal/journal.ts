import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { StorageWrite } from '@synod/kernel';
import { Damage, inFile } from '../files/damage.js';
import { chainBehind, type Chain } from './chain.js';
import { encodeEntry, JOURNAL_START, type JournalPosition } from './entry.js';
import { JournalFile } from './journal-file.js';
import { SyncedFile, type SyncedFileOptions } from './synced-file.js';

/** Beside those of LevelDB, which leaves alone what it does not know. */
const names = ['journal-1', 'journal-2'] as const;

export type OpenFile = (path: string, options: SyncedFileOptions) => SyncedFile;

const openFile: OpenFile = (path, options) => new SyncedFile(path, options);

/**
 * The groups of writes since the last checkpoint, in two files that take turns: when a checkpoint begins the journal goes
 * on in the other one, and when that checkpoint is durable nothing is needed of the first. So no entry is ever removed,
 * and files that have their size are written over, which a disk does sooner than to make them longer.
 */
export class Journal {
  readonly #files: readonly [JournalFile, JournalFile];
  /** Which of them is written, or was last. */
  #present: 0 | 1 = 0;
  #last = JOURNAL_START;

  private constructor(files: readonly [JournalFile, JournalFile]) {
    this.#files = files;
  }

  /** A journal with nothing in it. Throws `Damage` if there is one with entries already; else what `node:fs` throws. */
  static async create(directory: string, open = openFile): Promise<Journal> {
    for (const name of names) {
      const path = join(directory, name);
      if (existsSync(path) && holdsEntries(open(path, {}))) throw new Damage(`LevelDB holds nothing, but ${name} does`);
    }
    const journal = Journal.#over(directory, (path) => open(path, { create: true }));
    for (const file of journal.#files) await file.clear(JOURNAL_START);
    syncFolder(directory);
    return journal;
  }

  /** Throws `Damage` if a file is missing; what `node:fs` throws. */
  static open(directory: string, open = openFile): Journal {
    for (const name of names) if (!existsSync(join(directory, name))) throw new Damage(`${name}: is missing`);
    return Journal.#over(directory, (path) => open(path, {}));
  }

  static #over(directory: string, open: (path: string) => SyncedFile): Journal {
    const [one, two] = names.map((name) => new JournalFile(open(join(directory, name))));
    return new Journal([one!, two!]);
  }

  /** The last durable entry. */
  get last(): JournalPosition {
    return this.#last;
  }

  /** What a checkpoint that began now would free, bytes. */
  get used(): number {
    return this.#files[this.#present].used;
  }

  /** What it holds behind a checkpoint, which is where it goes on. Throws `Damage`. */
  read(covered: JournalPosition): Chain {
    const contents = this.#files.map((file, i) => ({ name: names[i]!, ...inFile(names[i]!, () => file.read()) }));
    const chain = chainBehind(covered, contents);
    this.#last = chain.last;
    const [one, two] = contents.map(({ after, frames }) => after.number + frames.length);
    this.#present = one! >= two! ? 0 : 1;
    return chain;
  }

  /** From the next entry on in the file whose use is older, of which nothing is needed. Returns where the journal stands. */
  turn(): JournalPosition {
    this.#present = this.#present === 0 ? 1 : 0;
    this.#files[this.#present].begin(this.#last);
    return this.#last;
  }

  /** Makes a group durable, as the next entry. `size`: about how many bytes it takes. Rejects with what `node:fs` says. */
  async append(puts: readonly StorageWrite[], size: number): Promise<void> {
    const number = this.#last.number + 1;
    const content = encodeEntry({ number, previous: this.#last.checksum, puts }, size);
    const checksum = await this.#files[this.#present].append(content);
    this.#last = { number, checksum };
  }

  close(): void {
    for (const file of this.#files) file.close();
  }
}

/** Throws `Damage` as `JournalFile` does. */
function holdsEntries(file: SyncedFile): boolean {
  try {
    const journal = new JournalFile(file);
    return !journal.isBlank && journal.read().frames.length > 0;
  } finally {
    file.close();
  }
}

/** So that the names of new files last. Windows has no such thing. */
function syncFolder(directory: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(directory, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
