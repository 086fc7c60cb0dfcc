import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { openDatabase } from './database.js';
import { LevelStorage } from './level-storage.js';
import { FailingDisk, IO_ERROR, type Left } from './testing/failing-disk.js';
import { MountedDisk } from './testing/mounted-disk.js';
import { content, IDENTITY, put, TemporaryStore } from './testing/temporary-store.js';

const poisoned = { name: 'SynodError', code: 'storage_failed', definite: false };
const failed = expect.objectContaining(poisoned);

/** Two keys a write, so that half of one would show; with checkpoints in between. */
const limits = { checkpointOperations: 6 };
const write = (storage: LevelStorage, i: number, padding = '') =>
  put(storage, { [`a${i}`]: String(i) + padding, [`b${i}`]: String(i) + padding });
const keysOf = (writes: number) =>
  ['a', 'b'].flatMap((half) => Array.from({ length: writes }, (_, i) => `${half}${i}`)).sort();

/** Writes until the disk fails, which a checkpoint may be the one to meet; returns how many writes were acknowledged. */
async function acknowledgedBefore(
  failure: unknown,
  storage: LevelStorage,
  most: number,
  padding = '',
): Promise<number> {
  for (let i = 0; i < most; i++) {
    try {
      await write(storage, i, padding);
      await endOfTurn();
    } catch (error) {
      expect(error).toEqual(failure);
      return i;
    }
  }
  throw new Error(`the disk took ${most} writes`);
}

/** The store has all that was acknowledged, and what was not wholly or not at all. */
async function expectKept(storage: LevelStorage, acknowledged: number): Promise<void> {
  const found = Object.keys(await content(storage));
  expect([keysOf(acknowledged), keysOf(acknowledged + 1)]).toContainEqual(found);
}

describe('a failed fsync', () => {
  let store: TemporaryStore;
  beforeEach(() => {
    store = new TemporaryStore(limits);
  });
  afterEach(() => store.remove());

  const writes = Array.from({ length: 10 }, (_, i) => i + 1);
  test.each(writes.flatMap((at) => (['nothing', 'all'] as const).map((left): [number, Left] => [at, left])))(
    'of synced write %i, which leaves %s, ends the store; nothing that was acknowledged is lost',
    async (at, left) => {
      await (await store.open()).close(); // its identity is written
      const disk = new FailingDisk(at, left);
      const database = disk.under(await openDatabase(await store.directory(), false));
      const storage = await LevelStorage.on(database, IDENTITY, limits, disk.openFile);
      const acknowledged = await acknowledgedBefore(
        expect.objectContaining({ ...poisoned, cause: IO_ERROR }),
        storage,
        1_000,
      );
      await expect(write(storage, 9_999)).rejects.toEqual(failed);
      await expect(storage.checkpoint()).rejects.toEqual(failed);
      await storage.close();
      await expectKept(await store.open(), acknowledged);
    },
  );
});

test('what is acknowledged while a checkpoint is under way that fails in the end is kept, and so is what it was to move', async () => {
  const store = new TemporaryStore();
  await (await store.open()).close();
  let fail = (): void => {};
  const disk = new FailingDisk(3, 'nothing', new Promise((resolve) => (fail = resolve)));
  const database = disk.under(await openDatabase(await store.directory(), false));
  const storage = await LevelStorage.on(database, IDENTITY, {}, disk.openFile);
  for (const i of [0, 1]) await write(storage, i);
  const checkpoint = storage.checkpoint();
  await disk.met;
  await write(storage, 2);
  fail();
  await expect(checkpoint).rejects.toEqual(failed);
  await storage.close();
  expect(Object.keys(await content(await store.open()))).toEqual(keysOf(3));
  await store.remove();
});

/** Registers a test of a disk, or says why it can not run here. */
function testOn(make: () => MountedDisk, name: string, body: (disk: MountedDisk) => Promise<void>): void {
  const refusal = MountedDisk.refusal(make);
  if (refusal !== undefined) return test.skip(`${name} (no such disk to be had here: ${refusal})`, () => {});
  test(name, async () => {
    const disk = make();
    try {
      await body(disk);
    } finally {
      disk.remove();
    }
  });
}

const storeOn = (disk: MountedDisk) =>
  LevelStorage.open({ directory: join(disk.path, 'store'), identity: IDENTITY, ...limits });

describe('a full disk', () => {
  const small = () => MountedDisk.small(8192);

  testOn(small, 'ends the store; with room again all that was acknowledged is there', async (disk) => {
    const storage = await storeOn(disk);
    disk.fillUpTo(256);
    const acknowledged = await acknowledgedBefore(failed, storage, 200, '.'.repeat(4096));
    disk.freeUp();
    await expect(write(storage, 99)).rejects.toEqual(failed);
    await storage.close();
    const again = await storeOn(disk);
    expect(acknowledged).toBeGreaterThan(5);
    await expectKept(again, acknowledged);
    await again.close();
  });

  testOn(small, 'keeps a store from being opened, and does it no harm', async (disk) => {
    const storage = await storeOn(disk);
    for (let i = 0; i < 20; i++) await write(storage, i, '.'.repeat(4096));
    await storage.close();
    disk.fillUpTo(0);
    await expect(storeOn(disk)).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringMatching(/^cannot open the store in .*No space left on device/),
    });
    disk.freeUp();
    const again = await storeOn(disk);
    await expectKept(again, 20);
    await again.close();
  });
});

describe('a disk that can only be read', () => {
  testOn(
    () => MountedDisk.ext4(),
    'from one write to the next ends the store, and loses nothing acknowledged',
    async (disk) => {
      const storage = await storeOn(disk);
      for (let i = 0; i < 20; i++) await write(storage, i);
      disk.remount('abort');
      await expect(write(storage, 20)).rejects.toEqual(failed);
      await expect(write(storage, 21)).rejects.toEqual(failed);
      await storage.close();
      disk.unmount();
      disk.mount();
      const again = await storeOn(disk);
      await expectKept(again, 20);
      await again.close();
    },
  );

  testOn(
    () => MountedDisk.small(8192),
    'keeps a store from being opened, and does it no harm',
    async (disk) => {
      const storage = await storeOn(disk);
      for (let i = 0; i < 20; i++) await write(storage, i);
      await storage.close();
      disk.remount('ro');
      await expect(storeOn(disk)).rejects.toMatchObject({
        code: 'storage_failed',
        message: expect.stringMatching(/^cannot open the store in .*Read-only file system/),
      });
      disk.remount('rw');
      const again = await storeOn(disk);
      await expectKept(again, 20);
      await again.close();
    },
  );
});
