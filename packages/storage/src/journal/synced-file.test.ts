import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SyncedFile } from './synced-file.js';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'synod-file-'));
  path = join(directory, 'file');
});
afterEach(() => rm(directory, { recursive: true }));

describe.each([
  ['quick', Infinity],
  ['slow', 0],
])('on a %s disk', (_, quickMs) => {
  test('bytes lie where they were written, and a file keeps what it had beside them', async () => {
    await writeFile(path, '0123456789');
    const file = new SyncedFile(path, { quickMs });
    await file.write(Buffer.from('ab'), 3);
    expect(file.size).toBe(10);
    await file.write(Buffer.from('cd'), 9);
    expect(file.size).toBe(11);
    expect(file.read().toString()).toBe('012ab5678cd');
    file.close();
    expect(await readFile(path, 'utf8')).toBe('012ab5678cd');
  });

  test('one that is made has nothing in it', async () => {
    await writeFile(path, 'something');
    const file = new SyncedFile(path, { create: true, quickMs });
    expect([file.size, file.read()]).toEqual([0, Buffer.alloc(0)]);
    file.close();
  });

  test('a write that fails rejects with what the disk says', async () => {
    const file = new SyncedFile(path, { create: true, quickMs });
    file.close();
    await expect(file.write(Buffer.from('a'), 0)).rejects.toMatchObject({ code: 'EBADF' });
  });

  test('who writes again and again leaves others their turn', async () => {
    const file = new SyncedFile(path, { create: true, quickMs });
    let others = 0;
    const timer = setInterval(() => others++, 0);
    while (others < 3) await file.write(Buffer.from('a'), 0);
    clearInterval(timer);
    file.close();
  });
});

test('one that is absent, and not to be made, is an error', () => {
  expect(() => new SyncedFile(path)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
