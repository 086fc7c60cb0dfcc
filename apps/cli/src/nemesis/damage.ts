import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tablesInUse } from '@synod/storage';

/**
 * Damages the store of a process that does not run, in a way that a start must notice: not the last thing that was
 * written, which a crash may have torn. Returns what was done, for people.
 */
export async function damage(store: string, how: 'bit-flip' | 'truncation'): Promise<string> {
  return how === 'bit-flip' ? flipBit(store) : truncate(store);
}

/** In the header of that file of the journal which was written last. */
async function flipBit(store: string): Promise<string> {
  const files = (await readdir(store)).filter((file) => file.startsWith('journal-'));
  const times = await Promise.all(files.map(async (file) => (await stat(join(store, file))).mtimeMs));
  const last = files[times.indexOf(Math.max(...times))]!;
  return change(store, last, (content) => flip(content, 0));
}

/** Of a table half is left; where there is none, nothing of the manifest's name. */
async function truncate(store: string): Promise<string> {
  const [table] = await tablesInUse(store);
  if (table === undefined) return change(store, 'CURRENT', () => Buffer.alloc(0));
  return change(store, table, (bytes) => bytes.subarray(0, bytes.length / 2));
}

async function change(store: string, file: string, to: (bytes: Buffer) => Buffer): Promise<string> {
  const before = await readFile(join(store, file));
  const after = to(before);
  await writeFile(join(store, file), after);
  return after.length === before.length ? `a bit of ${file} has flipped` : `${file} has ${after.length} bytes left`;
}

function flip(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[at]! ^= 1;
  return flipped;
}
