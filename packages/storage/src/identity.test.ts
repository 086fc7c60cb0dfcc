import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { ByteWriter } from '@synod/kernel';
import type { Database } from './database.js';
import { IDENTITY_KEY } from './layout.js';
import { LevelStorage } from './level-storage.js';
import { seal } from './seal.js';
import { IDENTITY, put, read, TemporaryStore } from './testing/temporary-store.js';

const config = (message: string) => expect.objectContaining({ name: 'SynodError', code: 'config', message });

let store: TemporaryStore;
let directory: string;
beforeEach(async () => {
  store = new TemporaryStore();
  directory = await store.directory();
});
afterEach(() => store.remove());

test.each([
  ['cluster', 'other', `belongs to cluster "test", not "other"`],
  ['node', 'S2', `belongs to node "S1", not "S2"`],
  ['format', 'test-2', `belongs to format "test-1", not "test-2"`],
])('a store of another %s is refused and stays usable', async (field, value, message) => {
  await (await store.open()).close();
  const stranger = { ...IDENTITY, [field]: value };
  await expect(store.open({ identity: stranger })).rejects.toEqual(config(`the store in ${directory} ${message}`));
  expect((await store.open()).fresh).toBe(false);
});

test('an empty name is refused before anything is made', async () => {
  const nobody = { ...IDENTITY, node: '' };
  await expect(store.open({ identity: nobody })).rejects.toEqual(config(`node of the store in ${directory} is empty`));
  expect(await readdir(dirname(directory))).toEqual([]);
});

test('an absent store that must not be made is refused and nothing is made', async () => {
  await expect(store.open({ create: false })).rejects.toEqual(config(`there is no store in ${directory}`));
  expect(await readdir(dirname(directory))).toEqual([]);
  await mkdir(directory);
  await expect(store.open({ create: false })).rejects.toEqual(config(`there is no store in ${directory}`));
  expect(await readdir(directory)).toEqual([]);
});

test('an existing store opens where none must be made', async () => {
  const first = await store.open();
  await put(first, { a: '1' });
  await first.close();
  expect(read(await store.open({ create: false }), 'a')).toBe('1');
});

test('a store that is open already is refused with where it is', async () => {
  const first = await store.open();
  await expect(LevelStorage.open({ directory, identity: IDENTITY })).rejects.toEqual(
    config(`the store in ${directory} is locked: a running process has it open`),
  );
  await put(first, { a: '1' });
  expect(read(first, 'a')).toBe('1');
});

test('a store that a process works in is locked, never damaged, whatever files come and go meanwhile', async () => {
  const first = await store.open({ checkpointBytes: 1 << 20 });
  const value = 'x'.repeat(400_000);
  let tried = false;
  const writing = (async () => {
    for (let i = 0; !tried; i++) await put(first, { [`k${i % 20}`]: value + i });
  })();
  for (let i = 0; i < 40; i++) {
    await expect(LevelStorage.open({ directory, identity: IDENTITY })).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('is locked'),
    });
  }
  tried = true;
  await writing;
});

test('a path that is a file is refused in one line', async () => {
  await writeFile(directory, 'not a directory');
  await expect(store.open()).rejects.toMatchObject({
    code: 'config',
    message: expect.stringMatching(/^cannot open the store in .*ENOTDIR.*$/),
  });
});

test('a store of another layout is refused', async () => {
  await (await store.open()).close();
  const database: Database = new ClassicLevel(directory, { valueEncoding: 'view' });
  await database.put(IDENTITY_KEY, seal(IDENTITY_KEY, new ByteWriter().number(1).finish()));
  await database.close();
  await expect(store.open()).rejects.toEqual(config(`the store in ${directory} has layout 1, this version reads 3`));
});
