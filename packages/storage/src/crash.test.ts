import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { content, put, TemporaryStore } from './testing/temporary-store.js';

let store: TemporaryStore;
beforeEach(() => {
  store = new TemporaryStore();
});
afterEach(() => store.remove());

const here = (file: string) => fileURLToPath(new URL(`./${file}`, import.meta.url));

/** Runs the writer until it has acknowledged `count` batches, kills it, and returns all numbers it acknowledged. */
async function killedAfter(count: number, directory: string): Promise<number[]> {
  const writer = spawn(
    process.execPath,
    ['--conditions=@synod/source', '--import', here('../test/typescript.mjs'), here('testing/writer.ts'), directory],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const acknowledged: number[] = [];
  for await (const line of createInterface(writer.stdout)) {
    acknowledged.push(Number(line));
    if (acknowledged.length === count) writer.kill('SIGKILL');
  }
  expect(
    writer.signalCode ?? (await new Promise((resolve) => writer.once('exit', (_, signal) => resolve(signal)))),
  ).toBe('SIGKILL');
  return acknowledged;
}

test('after kill -9 all that was acknowledged is there, and what is there is a prefix of the calls', async () => {
  const acknowledged = await killedAfter(500, await store.directory());
  expect(acknowledged).toEqual([...acknowledged.keys()]);

  const found = Object.keys(await content(await store.open()));
  const survived = found.length / 2;
  expect(survived).toBeGreaterThanOrEqual(acknowledged.length);
  const stamps = Array.from({ length: survived }, (_, i) => String(i).padStart(6, '0'));
  expect(found).toEqual([...stamps.map((stamp) => `a${stamp}`), ...stamps.map((stamp) => `b${stamp}`)]);
});

test('files copied while writes are in flight hold a prefix of the calls', async () => {
  const storage = await store.open();
  let acknowledged = 0;
  let copied = false;
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let i = 0; !copied; i++) {
      await put(storage, {
        [`w${writer}/${String(i).padStart(6, '0')}`]: 'v'.repeat(500),
        [`last${writer}`]: String(i),
      });
      acknowledged++;
    }
  });
  while (acknowledged < 40) await new Promise(setImmediate);
  const atLeast = acknowledged;
  const copy = await store.crash();
  copied = true;
  await Promise.all(writers);

  const found = await content(copy);
  const counts = writers.map((_, writer) => Object.keys(found).filter((key) => key.startsWith(`w${writer}/`)).length);
  expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(atLeast);
  counts.forEach((count, writer) => {
    expect(found[`last${writer}`]).toBe(String(count - 1));
    expect(found[`w${writer}/${String(count - 1).padStart(6, '0')}`]).toBeDefined();
  });
});
