import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { storageSuite } from '@synod/kernel/testing';
import { SyncedFile } from './journal/synced-file.js';
import { content, put, read, TemporaryStore } from './testing/temporary-store.js';

storageSuite({ name: 'LevelStorage', test, place: () => new TemporaryStore(), survives: 'crash' });

// So small that checkpoints run all the time, also while the next groups are written.
storageSuite({
  name: 'LevelStorage with small checkpoints',
  test,
  place: () => new TemporaryStore({ checkpointOperations: 7 }),
  survives: 'crash',
  randomBatches: 10_000,
  seed: 2,
});

// Each disk of the others is quick, most likely: it is waited for.
storageSuite({
  name: 'LevelStorage on a slow disk',
  test,
  place: () =>
    new TemporaryStore(
      { checkpointOperations: 40 },
      (path, options) => new SyncedFile(path, { ...options, quickMs: 0 }),
    ),
  survives: 'crash',
  seed: 3,
});

describe('checkpoints', () => {
  let store: TemporaryStore;
  beforeEach(() => {
    store = new TemporaryStore();
  });
  afterEach(() => store.remove());

  test('move the changes into the table and free the journal, which goes on with the next number', async () => {
    const first = await store.open();
    expect(first.fresh).toBe(true);
    expect(first.lastNumber).toBe(0);
    await put(first, { a: '1', b: '1' });
    await put(first, { b: undefined, c: '1' });
    await first.checkpoint();
    expect(await content(first)).toEqual({ a: '1', c: '1' });
    await put(first, { d: '2' });
    await first.close();
    expect(await store.journaled()).toEqual([3]);

    const second = await store.open();
    expect(second.fresh).toBe(false);
    expect(second.lastNumber).toBe(3);
    expect(await content(second)).toEqual({ a: '1', c: '1', d: '2' });
    await put(second, { a: '3' });
    await second.close();
    expect(await store.journaled()).toEqual([4]); // what it found the second moved into the table
    expect(await content(await store.open())).toEqual({ a: '3', c: '1', d: '2' });
  });

  test('take what was written before them and not what comes while they run', async () => {
    const storage = await store.open();
    const before = put(storage, { a: 'old', removed: 'old' });
    const checkpoint = storage.checkpoint();
    const after = put(storage, { a: 'new', removed: undefined });
    expect(read(storage, 'a')).toBe('new');
    expect(read(storage, 'removed')).toBeUndefined();
    expect(await content(storage)).toEqual({ a: 'new' });
    await Promise.all([before, checkpoint, after]);
    expect(await content(storage)).toEqual({ a: 'new' });
    await storage.close();
    expect(await store.journaled()).toEqual([2]);
    expect(await content(await store.open())).toEqual({ a: 'new' });
  });

  test('one after the other when several are asked for at once', async () => {
    const storage = await store.open();
    void put(storage, { a: '1' });
    await Promise.all([storage.checkpoint(), storage.checkpoint(), put(storage, { b: '1' }), storage.checkpoint()]);
    await storage.checkpoint();
    await storage.close();
    expect(await store.journaled()).toEqual([]);
    expect((await store.open()).lastNumber).toBe(2);
  });

  test('start by themselves when the journal is long, in bytes', async () => {
    const storage = await store.open({ checkpointBytes: 10_000 });
    for (let i = 0; i < 11; i++) await put(storage, { hot: String(i).repeat(1000) });
    await storage.close();
    expect((await store.journaled())[0]).toBeGreaterThan(2); // blocks of 4 KiB
    expect(read(await store.open(), 'hot')).toBe('10'.repeat(1000));
  });

  test('start by themselves when many keys have changed', async () => {
    const storage = await store.open({ checkpointOperations: 10 });
    for (let i = 0; i < 10; i++) await put(storage, { [`key ${i}`]: 'v' });
    await storage.close();
    expect((await store.journaled()).length).toBeLessThan(3);
  });
});

describe('groups', () => {
  let store: TemporaryStore;
  beforeEach(() => {
    store = new TemporaryStore();
  });
  afterEach(() => store.remove());

  test('what arrives while a write is under way is one journal entry', async () => {
    const storage = await store.open();
    const first = put(storage, { a: '1' });
    await Promise.resolve();
    const others = Array.from({ length: 10 }, (_, i) => put(storage, { [`k${i}`]: 'v' }));
    await Promise.all([first, ...others]);
    expect(storage.lastNumber).toBe(2);
  });

  test('are about a mebibyte at most, unless one batch is larger', async () => {
    const storage = await store.open();
    const half = 'x'.repeat(600_000);
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => put(storage, { [key]: half })));
    expect(storage.lastNumber).toBe(3);
  });

  test('without puts write nothing', async () => {
    const storage = await store.open();
    await put(storage, {});
    expect(storage.lastNumber).toBe(0);
  });
});

test('a closed store refuses writes, reads and checkpoints', async () => {
  const store = new TemporaryStore();
  const storage = await store.open();
  await put(storage, { a: '1' });
  await storage.checkpoint();
  await Promise.all([storage.close(), storage.close()]);
  const unavailable = { name: 'SynodError', code: 'unavailable' };
  await expect(put(storage, { b: '1' })).rejects.toMatchObject(unavailable);
  await expect(storage.checkpoint()).rejects.toMatchObject(unavailable);
  expect(() => storage.get('a')).toThrow(expect.objectContaining(unavailable));
  await expect(content(storage)).rejects.toMatchObject(unavailable);
  await store.remove();
});
