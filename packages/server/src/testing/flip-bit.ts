import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Flips the first bit of the first non-empty file whose name matches: a store that nobody has open is damaged by it. */
export async function flipBitIn(directory: string, name: RegExp): Promise<void> {
  for (const file of (await readdir(directory)).filter((candidate) => name.test(candidate))) {
    const bytes = await readFile(join(directory, file));
    if (bytes.length === 0) continue;
    bytes[0]! ^= 1;
    return writeFile(join(directory, file), bytes);
  }
  throw new Error(`no file in ${directory} matches ${name}`);
}
