import type { KeyRange } from '@synod/kernel';
import { readError, type Database } from './database.js';
import { fromTableKey, tableKey } from './layout.js';
import { unseal } from './seal.js';

/** The value under a key as of the last checkpoint, in memory of its own. Throws `corrupt` if its checksum fails. */
export function readTable(database: Database, key: string): Uint8Array | undefined {
  const stored = tableKey(key);
  try {
    const sealed = database.getSync(stored);
    return sealed && unseal(stored, sealed);
  } catch (error) {
    throw readError(stored, error);
  }
}

/** The table as it stands now, in key order: the snapshot is taken by the call, not by the first read. */
export function scanTable(database: Database, range: KeyRange): AsyncIterable<readonly [string, Uint8Array]> {
  try {
    return unsealed(database.iterator({ gte: tableKey(range.from), lt: tableKey(range.to) }));
  } catch (error) {
    throw readError('the table', error);
  }
}

async function* unsealed(stored: AsyncIterable<[string, Uint8Array]>): AsyncGenerator<readonly [string, Uint8Array]> {
  try {
    for await (const [key, sealed] of stored) yield [fromTableKey(key), unseal(key, sealed)];
  } catch (error) {
    throw readError('the table', error);
  }
}
