import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import type { Database } from './database.js';
import { Inspection } from './inspection.js';
import { CHECKPOINT_KEY } from './layout.js';
import { content, IDENTITY, put, read, TemporaryStore } from './testing/temporary-store.js';

let store: TemporaryStore;
let directory: string;
let temporary: string;
beforeEach(async () => {
  store = new TemporaryStore();
  directory = await store.directory();
  temporary = dirname(directory);
});
afterEach(() => store.remove());

async function filesOf(where: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const file of await readdir(where)) files[file] = await readFile(join(where, file), 'hex');
  return files;
}

test('shows what the store holds, changes no byte of it and leaves nothing behind', async () => {
  const storage = await store.open();
  await put(storage, { a: '1', b: '1' });
  await storage.checkpoint();
  await put(storage, { b: '2' });
  await storage.close();
  const before = await filesOf(directory);

  const inspection = await Inspection.open(directory, temporary);
  expect(inspection.identity).toEqual({ ...IDENTITY, disk: expect.any(String) });
  expect(inspection.lastNumber).toBe(2);
  expect(read(inspection, 'a')).toBe('1');
  expect(await content(inspection)).toEqual({ a: '1', b: '2' });
  expect(await readdir(temporary)).toHaveLength(2);
  await inspection.close();

  expect(await filesOf(directory)).toEqual(before);
  expect(await readdir(temporary)).toEqual([basename(directory)]);
});

test('of an absent store is refused and makes nothing', async () => {
  await expect(Inspection.open(directory, temporary)).rejects.toMatchObject({
    code: 'config',
    message: `there is no store in ${directory}`,
  });
  expect(await readdir(temporary)).toEqual([]);
});

test('of a damaged store is refused, naming where it is, and leaves nothing behind', async () => {
  const storage = await store.open();
  await put(storage, { a: '1' });
  await storage.close();
  const database: Database = new ClassicLevel(directory, { valueEncoding: 'view' });
  await database.del(CHECKPOINT_KEY);
  await database.close();
  await expect(Inspection.open(directory, temporary)).rejects.toMatchObject({
    code: 'corrupt',
    message: `the store in ${directory} has lost its checkpoint`,
  });
  expect(await readdir(temporary)).toEqual([basename(directory)]);
});
