import type { KeyRange } from '@synod/kernel';
import { readError, type Database } from './database.js';
import { fromTableKey, tableKey } from './layout.js';
import type { Page } from './pages.js';
import { unseal } from './seal.js';

/** As many as LevelDB is asked for at once: one by one, a million take longer to hand over than to read. */
const PAGE_ENTRIES = 1000;

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

/** The table as it stands now, in key order, in pages: the snapshot is taken by the call, not by the first read. */
export function scanTable(database: Database, range: KeyRange): AsyncIterable<Page> {
  try {
    return unsealed(database.iterator({ gte: tableKey(range.from), lt: tableKey(range.to) }));
  } catch (error) {
    throw readError('the table', error);
  }
}

interface Cursor {
  nextv(size: number): Promise<[key: string, sealed: Uint8Array][]>;
  close(): Promise<void>;
}

async function* unsealed(stored: Cursor): AsyncGenerator<Page> {
  try {
    for (let page = await stored.nextv(PAGE_ENTRIES); page.length > 0; page = await stored.nextv(PAGE_ENTRIES)) {
      yield page.map(([key, sealed]) => [fromTableKey(key), unseal(key, sealed)] as const);
    }
  } catch (error) {
    throw readError('the table', error);
  } finally {
    await stored.close();
  }
}
