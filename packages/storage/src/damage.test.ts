import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';
import type { Database } from './database.js';
import { BLOCK } from './journal/blocks.js';
import { CHECKPOINT_KEY, IDENTITY_KEY, tableKey } from './layout.js';
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

/** Changes the file of the journal that was written last. */
async function tamperWithJournal(change: (bytes: Buffer) => Buffer | void): Promise<void> {
  const file = await store.journal();
  const bytes = await readFile(file);
  await writeFile(file, change(bytes) ?? bytes);
}

/** Of one of `sixKeys`, each of which takes a block. */
function blockOf(bytes: Buffer, number: 4 | 5 | 6): Buffer {
  return bytes.subarray((number - 3) * BLOCK, (number - 2) * BLOCK);
}

test('a journal without its last entries looks whole: only the number tells, to whoever remembers the name of the disk', async () => {
  await sixKeys();
  await tamperWithJournal((bytes) => void [5, 6].forEach((number) => blockOf(bytes, number as 5 | 6).fill(0)));
  const cut = await store.open();
  expect([cut.opening.recovered, cut.lastNumber]).toEqual([4, 4]);
  expect(Object.keys(await content(cut))).toEqual(['a', 'b', 'c', 'd']);
});

test('a last entry with a flipped bit looks like a torn one', async () => {
  await sixKeys();
  await tamperWithJournal((bytes) => void (blockOf(bytes, 6)[10]! ^= 1));
  const storage = await store.open();
  expect([storage.lastNumber, read(storage, 'e'), read(storage, 'f')]).toEqual([5, 'e', undefined]);
});

test('what an earlier use of its file has left behind its entries is none of the journal', async () => {
  await sixKeys();
  const storage = await store.open();
  await put(storage, { g: 'g' });
  await storage.checkpoint();
  await put(storage, { h: 'h' }); // over entry 4, before 5 and 6
  await storage.close();
  expect(await store.journaled()).toEqual([8]);
  const again = await store.open();
  expect(Object.values(await content(again))).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
});

test('bytes that a caller has stored never pass for an entry, not even those of one', async () => {
  await sixKeys();
  const entry = Buffer.from(blockOf(await readFile(await store.journal()), 6));
  const storage = await store.open();
  const value = Buffer.concat([Buffer.alloc(BLOCK), ...Array.from({ length: 9 }, () => entry)]);
  for (const shift of [0, 8, 16, 24]) {
    await new Promise<void>((resolve, reject) => {
      storage.write([{ key: `k${shift}`, value: value.subarray(shift) }], (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }
  await storage.close();
  expect((await store.open()).lastNumber).toBe(10);
});

describe('a journal is refused', () => {
  beforeEach(sixKeys);

  test.each([
    ['with a hole', 5, 'the entry at byte 8192 is not whole, though one follows at byte 12288'],
    ['without its first entry', 4, 'the entry at byte 4096 is not whole, though one follows at byte 8192'],
  ] as const)('%s', async (_, missing, message) => {
    await tamperWithJournal((bytes) => void blockOf(bytes, missing).fill(0));
    await expect(store.open()).rejects.toEqual(corrupt(message));
  });

  test.each([0, 3, 4, 7, 8, 9, 15])(
    'with a bit flipped in byte %i of an entry that another one follows',
    async (at) => {
      await tamperWithJournal((bytes) => void (blockOf(bytes, 4)[at]! ^= 0x10));
      await expect(store.open()).rejects.toEqual(corrupt('the entry at byte 4096 is not whole'));
      await tamperWithJournal((bytes) => void (blockOf(bytes, 4)[at]! ^= 0x10));
      expect((await store.open()).lastNumber).toBe(6);
    },
  );

  test('with a bit flipped in any byte of the header of any of its files', async () => {
    for (const name of ['journal-1', 'journal-2']) {
      const file = `${await store.directory()}/${name}`;
      const bytes = await readFile(file);
      for (let at = 0; at < 40; at++) {
        bytes[at]! ^= 1;
        await writeFile(file, bytes);
        await expect(store.open()).rejects.toEqual(corrupt(`${name}: its header is damaged`));
        bytes[at]! ^= 1;
      }
      await writeFile(file, bytes);
    }
    expect((await store.open()).lastNumber).toBe(6);
  });

  test('with its entries in another order', async () => {
    await tamperWithJournal((bytes) => {
      const four = Buffer.from(blockOf(bytes, 4));
      blockOf(bytes, 5).copy(blockOf(bytes, 4));
      four.copy(blockOf(bytes, 5));
    });
    await expect(store.open()).rejects.toEqual(corrupt('entry 5 does not continue entry 3'));
  });

  test('without one of its files', async () => {
    await rm(await store.journal());
    await expect(store.open()).rejects.toEqual(corrupt('is missing'));
  });

  test('with a file that is shorter than a header', async () => {
    await tamperWithJournal((bytes) => bytes.subarray(0, BLOCK - 1));
    await expect(store.open()).rejects.toEqual(corrupt('has 4095 bytes'));
  });

  test('if LevelDB holds nothing', async () => {
    const directory = await store.directory();
    for (const file of await readdir(directory)) if (!file.startsWith('journal')) await rm(`${directory}/${file}`);
    await expect(store.open()).rejects.toEqual(corrupt('LevelDB holds nothing, but journal-'));
    await expect(store.open()).rejects.toEqual(corrupt('LevelDB holds nothing, but journal-')); // again, though it has files now
  });
});

test('a store whose making was cut off is made anew', async () => {
  const directory = await store.directory();
  await mkdir(directory);
  await writeFile(`${directory}/journal-1`, new Uint8Array(2 * BLOCK));
  await writeFile(`${directory}/journal-2`, '');
  const storage = await store.open();
  expect([storage.fresh, storage.lastNumber]).toEqual([true, 0]);
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
    await expect(store.open()).rejects.toEqual(corrupt('but the last before it is another one of that number'));
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

  /** Entries of three blocks. */
  beforeEach(async () => {
    const storage = await store.open();
    for (let i = 1; i <= ENTRIES; i++) await put(storage, { [`k${i}`]: String(i % 10).repeat(8192) });
    await storage.close();
  });

  test('a torn end costs the entry it tears, and the journal goes on there', async () => {
    const frame = 3 * BLOCK;
    await truncate(await store.journal(), BLOCK + ENTRIES * frame - BLOCK);
    const storage = await store.open();
    expect(storage.lastNumber).toBe(ENTRIES - 1);
    expect(storage.get(`k${ENTRIES}`)).toBeUndefined();
    await put(storage, { after: 'yes' });
    await storage.close();
    const again = await store.open();
    expect(again.lastNumber).toBe(ENTRIES);
    expect(read(again, 'after')).toBe('yes');
  });

  test('a bit flipped in the middle of the journal is damage', async () => {
    await tamperWithJournal((bytes) => void (bytes[BLOCK * ENTRIES]! ^= 1));
    await expect(store.open()).rejects.toEqual(corrupt('though one follows'));
  });

  test('a bit flipped in the middle of the log, which LevelDB skips over without a word, is damage', async () => {
    const storage = await store.open();
    for (let i = 0; i < 3; i++) {
      await put(storage, { checkpoint: String(i) });
      await storage.checkpoint();
    }
    await storage.close();
    const [log] = (await readdir(await store.directory())).filter((file) => file.endsWith('.log'));
    const file = `${await store.directory()}/${log!}`;
    const bytes = await readFile(file);
    bytes[10]! ^= 1;
    await writeFile(file, bytes);
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
