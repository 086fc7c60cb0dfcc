import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LevelStorage } from '@synod/storage';
import { damage } from './damage.js';

const identity = { cluster: 'test', node: 'S1', format: 'test-1' };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'synod-damage-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = () => LevelStorage.open({ directory, identity });
const put = (storage: LevelStorage, key: string) =>
  new Promise<void>((resolve, reject) => {
    storage.write([{ key, value: Buffer.from(key) }], (error) => (error ? reject(error) : resolve()));
  });

/** One life of a server: so many writes. */
async function live(writes: number): Promise<void> {
  const storage = await open();
  for (let i = 0; i < writes; i++) await put(storage, `key/${i}`);
  await storage.close();
}

test.each<[string, 'bit-flip' | 'truncation', number[], RegExp]>([
  ['a journal', 'bit-flip', [5], /^a bit of journal-\d has flipped$/],
  ['an empty journal', 'bit-flip', [0], /^a bit of journal-\d has flipped$/],
  ['a table', 'truncation', [5, 1, 0], /^\d+\.ldb has \d+ bytes left$/],
  ['no table', 'truncation', [5], /^CURRENT has 0 bytes left$/],
])('a store with %s refuses to open after a %s', async (_, how, lives, done) => {
  for (const writes of lives) await live(writes);
  expect(await damage(directory, how)).toMatch(done);
  await expect(open()).rejects.toMatchObject({ code: 'corrupt' });
});
