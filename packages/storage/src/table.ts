import type { KeyRange } from '@synod/kernel';
import { readError, type Database } from './database.js';
import { fromTableKey, tableKey } from './layout.js';
import type { Page } from './pages.js';
import { unseal } from './seal.js';

/** As many as LevelDB is asked for at once: one by one, a million take longer to hand over than to read. */
const PAGE_ENTRIES = 1000;
/** A page ends after this many bytes, too. LevelDB's own limit, 16 KiB, makes a page of a few hundred small entries. */
const PAGE_BYTES = 128 << 10;

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
    const limits = { gte: tableKey(range.from), lt: tableKey(range.to), highWaterMarkBytes: PAGE_BYTES };
    return unsealed(database.iterator(limits));
  } catch (error) {
    throw readError('the table', error);
  }
}

interface Cursor {
  nextv(size: number): Promise<[key: string, sealed: Uint8Array][]>;
  close(): Promise<void>;
}

/** While one page is used, the next is read: by a thread of LevelDB's, not by this one. */
async function* unsealed(stored: Cursor): AsyncGenerator<Page> {
  let next = stored.nextv(PAGE_ENTRIES);
  try {
    for (let page = await next; page.length > 0; page = await next) {
      next = stored.nextv(PAGE_ENTRIES);
      next.catch(() => {}); // it is awaited later, or by nobody
      yield page.map(([key, sealed]) => [fromTableKey(key), unseal(key, sealed)] as const);
    }
  } catch (error) {
    throw readError('the table', error);
  } finally {
    await stored.close();
  }
}
