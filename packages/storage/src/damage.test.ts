import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';
import type { Database } from './database.js';
import { JOURNAL_START, sealEntry } from './journal.js';
import { CHECKPOINT_KEY, IDENTITY_KEY, journalKey, tableKey } from './layout.js';
import { sealCheckpoint } from './checkpoint.js';
import { content, put, read, TemporaryStore } from './testing/temporary-store.js';

const corrupt = (message: string) =>
  expect.objectContaining({ name: 'SynodError', code: 'corrupt', message: expect.stringContaining(message) });

let store: TemporaryStore;
beforeEach(() => {
  store = new TemporaryStore();
});
afterEach(() => store.remove());

/** A store of six keys: the first three in the table, the others in journal entries 4 to 6. */
async function sixKeys(): Promise<void> {
  const storage = await store.open();
  for (const key of ['a', 'b', 'c']) await put(storage, { [key]: key });
  await storage.checkpoint();
  for (const key of ['d', 'e', 'f']) await put(storage, { [key]: key });
  await storage.close();
}

/** Changes what LevelDB holds, behind the store's back. */
async function tamper(change: (database: Database) => Promise<unknown>): Promise<void> {
  const database: Database = new ClassicLevel(await store.directory(), { valueEncoding: 'view' });
  await change(database);
  await database.close();
}

async function flipBit(database: Database, key: string, at = -1): Promise<void> {
  const value = (await database.get(key))!;
  value[at < 0 ? value.length + at : at]! ^= 0x10;
  await database.put(key, value);
}

test('a journal without its last entries looks whole: only the number tells, to whoever remembers the name of the disk', async () => {
  await sixKeys();
  const whole = await store.open();
  const before = whole.opening;
  await whole.close();
  await tamper((database) => database.batch([5, 6].map((number) => ({ type: 'del', key: journalKey(number) }))));
  const { opening, lastNumber } = await store.open();
  expect([before.recovered, opening.recovered, lastNumber]).toEqual([6, 4, 4]);
  expect(opening.disk).toBe(before.disk);
});

describe('a journal is refused', () => {
  beforeEach(sixKeys);

  test.each([
    ['with a hole', 5, 'holds j:0000000000000006 where j:0000000000000005 must follow'],
    ['without its first entry', 4, 'holds j:0000000000000005 where j:0000000000000004 must follow'],
  ])('%s', async (_, missing, message) => {
    await tamper((database) => database.del(journalKey(missing)));
    await expect(store.open()).rejects.toEqual(corrupt(message));
  });

  test.each([0, 3, 4, 5, 9, -1])('with a bit flipped in byte %i of an entry, the last one included', async (at) => {
    for (const number of [4, 6]) {
      await tamper((database) => flipBit(database, journalKey(number), at));
      await expect(store.open()).rejects.toEqual(corrupt(journalKey(number)));
      await tamper((database) => flipBit(database, journalKey(number), at));
    }
    expect((await store.open()).lastNumber).toBe(6);
  });

  test('with an entry that its checkpoint covers', async () => {
    const entry = sealEntry(JOURNAL_START, [{ key: 'a', value: Buffer.from('a') }], 10);
    await tamper((database) => database.put(entry.key, entry.value));
    await expect(store.open()).rejects.toEqual(
      corrupt('holds j:0000000000000001 where j:0000000000000004 must follow'),
    );
  });

  test('with an entry of another history, though its number and its own checksum are right', async () => {
    const entry = sealEntry({ number: 6, checksum: 1 }, [{ key: 'g', value: Buffer.from('g') }], 10);
    await tamper((database) => database.put(entry.key, entry.value));
    await expect(store.open()).rejects.toEqual(corrupt('j:0000000000000007 does not continue the one before it'));
  });

  test('with an entry under the number of another', async () => {
    await tamper(async (database) => database.put(journalKey(7), (await database.get(journalKey(6)))!));
    await expect(store.open()).rejects.toEqual(corrupt('j:0000000000000007 contradict'));
  });

  test('cut short inside LevelDB', async () => {
    await tamper((database) => database.put(journalKey(6), new Uint8Array(3)));
    await expect(store.open()).rejects.toEqual(corrupt('j:0000000000000006 contradict'));
  });
});

describe('a checkpoint is refused', () => {
  beforeEach(sixKeys);

  test.each([0, 4, -1])('with a bit flipped in byte %i', async (at) => {
    await tamper((database) => flipBit(database, CHECKPOINT_KEY, at));
    await expect(store.open()).rejects.toEqual(corrupt(CHECKPOINT_KEY));
  });

  test('that is absent', async () => {
    await tamper((database) => database.del(CHECKPOINT_KEY));
    await expect(store.open()).rejects.toEqual(corrupt('lost its checkpoint'));
  });

  test('that the journal does not continue', async () => {
    await tamper((database) => database.put(CHECKPOINT_KEY, sealCheckpoint({ number: 3, checksum: 0 })));
    await expect(store.open()).rejects.toEqual(corrupt('j:0000000000000004 does not continue'));
  });
});

describe('an identity is refused', () => {
  beforeEach(sixKeys);

  test('with a flipped bit', async () => {
    await tamper((database) => flipBit(database, IDENTITY_KEY));
    await expect(store.open()).rejects.toEqual(corrupt(IDENTITY_KEY));
  });

  test('that is absent where there is content', async () => {
    await tamper((database) => database.del(IDENTITY_KEY));
    await expect(store.open()).rejects.toEqual(corrupt('lost its identity'));
  });
});

describe('a table value', () => {
  beforeEach(sixKeys);

  test.each([0, -1])('with a bit flipped in byte %i is refused by get and scan, the others are served', async (at) => {
    await tamper((database) => flipBit(database, tableKey('b'), at));
    const storage = await store.open();
    expect(() => storage.get('b')).toThrow(corrupt('t:b'));
    await expect(content(storage)).rejects.toEqual(corrupt('t:b'));
    expect(read(storage, 'a')).toBe('a');
    expect(read(storage, 'e')).toBe('e');
  });

  test('under another key is refused', async () => {
    await tamper(async (database) => database.put(tableKey('c'), (await database.get(tableKey('b')))!));
    const storage = await store.open();
    expect(() => storage.get('c')).toThrow(corrupt('t:c'));
  });
});

describe('on the disk', () => {
  const ENTRIES = 30;

  /** Entries of 8 KiB, four to a block of LevelDB's log. */
  beforeEach(async () => {
    const storage = await store.open();
    for (let i = 1; i <= ENTRIES; i++) await put(storage, { [`k${i}`]: String(i % 10).repeat(8192) });
    await storage.close();
  });

  test('a torn end costs the entry it tears, and the journal goes on there', async () => {
    const log = await store.log();
    await truncate(log, (await stat(log)).size - 100);
    const storage = await store.open();
    expect(storage.lastNumber).toBe(ENTRIES - 1);
    expect(storage.get(`k${ENTRIES}`)).toBeUndefined();
    await put(storage, { after: 'yes' });
    await storage.close();
    const again = await store.open();
    expect(again.lastNumber).toBe(ENTRIES);
    expect(read(again, 'after')).toBe('yes');
  });

  test('a bit flipped in the middle of the log, which LevelDB skips over without a word, is damage', async () => {
    const log = await store.log();
    const bytes = await readFile(log);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    await writeFile(log, bytes);
    await expect(store.open()).rejects.toEqual(corrupt('though one follows'));
  });

  test('a lost CURRENT file is damage, not an empty store', async () => {
    const directory = await store.directory();
    await rm(`${directory}/CURRENT`);
    await expect(store.open()).rejects.toEqual(corrupt('CURRENT'));
    expect((await readdir(directory)).some((file) => file.endsWith('.log'))).toBe(true);
  });

  test('a missing manifest is damage, reported with its name', async () => {
    const directory = await store.directory();
    for (const file of await readdir(directory)) if (file.startsWith('MANIFEST')) await rm(`${directory}/${file}`);
    await expect(store.open()).rejects.toEqual(corrupt('MANIFEST'));
  });
});
