import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareNatural } from '@synod/kernel';
import { tablesInUse } from '@synod/storage';

/** Of LevelDB's logs: checksum (4 bytes), length (2), type (1), and then the content of a record that stands alone. */
const header = 7;
const full = 1;

/**
 * Damages the store of a process that does not run, in a way that a start must notice: not the last thing that was
 * written, which a crash may have torn. Returns what was done, for people.
 */
export async function damage(store: string, how: 'bit-flip' | 'truncation'): Promise<string> {
  const files = (await readdir(store)).sort(compareNatural);
  return how === 'bit-flip' ? flipBit(store, files) : truncate(store);
}

/** In the first record of the log that was written last, if another one follows it; else in the name of the manifest. */
async function flipBit(store: string, files: readonly string[]): Promise<string> {
  const log = files.findLast((file) => file.endsWith('.log'));
  const bytes = log === undefined ? Buffer.alloc(0) : await readFile(join(store, log));
  if (log === undefined || !isFollowed(bytes)) return change(store, 'CURRENT', (current) => flip(current, 0));
  return change(store, log, (content) => flip(content, header));
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

/** Whether the first record is whole, and so is the one behind it. */
function isFollowed(log: Buffer): boolean {
  const endOf = (at: number) => {
    return at + header < log.length && log[at + 6] === full ? at + header + log.readUInt16LE(at + 4) : NaN;
  };
  return endOf(endOf(0)) <= log.length;
}
