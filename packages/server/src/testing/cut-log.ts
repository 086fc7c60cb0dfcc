import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Cuts LevelDB's log in half: a store that nobody has open loses its last writes and looks whole, as after a disk that
 * confirmed what it had not kept.
 */
export async function cutLogIn(directory: string): Promise<void> {
  const logs = (await readdir(directory)).filter((file) => file.endsWith('.log'));
  if (logs.length !== 1) throw new Error(`expected one log in ${directory}, found ${logs.join(', ')}`);
  const log = join(directory, logs[0]!);
  await truncate(log, Math.floor((await stat(log)).size / 2));
}
