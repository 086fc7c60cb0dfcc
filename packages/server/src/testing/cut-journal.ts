import { readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';

/** Both files of a journal have a header of so many bytes. */
const header = 4096;

/**
 * Cuts the journal in half: a store that nobody has open loses its last writes and looks whole, as after a disk that
 * confirmed what it had not kept. It is one that had no checkpoint yet.
 */
export async function cutJournalIn(directory: string): Promise<void> {
  for (const file of (await readdir(directory)).filter((name) => name.startsWith('journal-'))) {
    const bytes = await readFile(join(directory, file));
    const end = bytes.findLastIndex((byte) => byte !== 0);
    if (end >= header) await truncate(join(directory, file), header + Math.floor((end - header) / 2));
  }
}
