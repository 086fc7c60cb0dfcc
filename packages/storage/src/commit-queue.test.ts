import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { CommitQueue } from './commit-queue.js';
import { openDatabase, type Database } from './database.js';
import { JOURNAL_START } from './journal/entry.js';
import { SyncedFile } from './journal/synced-file.js';
import { LevelStorage } from './level-storage.js';
import { content, IDENTITY, put, read, TemporaryStore } from './testing/temporary-store.js';

const FULL = new Error('IO error: No space left on device');
const failed = expect.objectContaining({ name: 'SynodError', code: 'storage_failed', definite: false, cause: FULL });

let store: TemporaryStore;
let database: Database;
let storage: LevelStorage;

beforeEach(async () => {
  store = new TemporaryStore();
  database = await openDatabase(await store.directory(), true);
  storage = await LevelStorage.on(database, IDENTITY);
});

afterEach(async () => {
  await storage.close();
  await store.remove();
});

test('the first failed write poisons the store: later writes fail though the disk would take them', async () => {
  await put(storage, { a: '1' });
  jest.spyOn(SyncedFile.prototype, 'write').mockRejectedValueOnce(FULL);
  const failing = put(storage, { a: '2' });
  await Promise.resolve();
  const queued = put(storage, { b: '1' });
  await expect(failing).rejects.toEqual(failed);
  await expect(queued).rejects.toEqual(failed);
  await expect(put(storage, { c: '1' })).rejects.toEqual(failed);
  await expect(put(storage, {})).rejects.toEqual(failed);
  await expect(storage.checkpoint()).rejects.toEqual(failed);
  expect(storage.lastNumber).toBe(1);
  expect(read(storage, 'a')).toBe('2');

  await storage.close();
  const again = await store.open();
  expect(again.lastNumber).toBe(1);
  expect(await content(again)).toEqual({ a: '1' });
});

test('a failed checkpoint poisons the store and loses nothing that was durable', async () => {
  await put(storage, { a: '1', b: '1' });
  const batch = database.batch();
  const during: Promise<void>[] = [];
  jest.spyOn(batch, 'write').mockImplementationOnce(async () => {
    await Promise.all(during);
    throw FULL;
  });
  const spy = jest.spyOn(database, 'batch') as unknown as jest.Mock<() => typeof batch>;
  spy.mockReturnValueOnce(batch);
  const checkpoint = storage.checkpoint();
  during.push(put(storage, { b: '2' }));
  await expect(checkpoint).rejects.toEqual(failed);
  await expect(put(storage, { c: '1' })).rejects.toEqual(failed);
  expect(read(storage, 'a')).toBe('1');
  expect(read(storage, 'b')).toBe('2');

  await storage.close();
  expect(await content(await store.open())).toEqual({ a: '1', b: '2' });
});

test('never more than one write of the journal is in flight, none while it turns, and all keep their order', async () => {
  let inFlight = 0;
  let most = 0;
  let entries = 0;
  const journal = {
    last: JOURNAL_START,
    async append() {
      most = Math.max(most, ++inFlight);
      entries++;
      await endOfTurn();
      inFlight--;
    },
    turn() {
      expect(inFlight).toBe(0);
      return { number: entries, checksum: 0 };
    },
  };
  const queue = new CommitQueue(journal, 'nowhere');
  const order: number[] = [];
  const turnedAt: number[] = [];
  const finished: Promise<unknown>[] = [];
  for (let i = 0; i < 100; i++) {
    finished.push(
      i % 10 === 9
        ? queue.turn().then(({ number }) => order.push(i) && turnedAt.push(number))
        : new Promise<void>((resolve) =>
            queue.append([{ key: `k${i}`, value: Buffer.from('v') }], 10, () => resolve(void order.push(i))),
          ),
    );
    if (i % 3 === 0) await endOfTurn();
  }
  await Promise.all(finished);
  expect(order).toEqual([...order.keys()]);
  expect(order).toHaveLength(100);
  expect(turnedAt).toHaveLength(10);
  expect(new Set(turnedAt).size).toBe(10); // there are entries between any two
  expect(most).toBe(1);
});
