import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { latestOnly } from './latest-only.js';

function source(): { stream: PassThrough; items: AsyncGenerator<number>; stopped: () => boolean } {
  const stream = new PassThrough({ objectMode: true });
  let stopped = false;
  const items = latestOnly<number>(stream, () => (stopped = true));
  return { stream, items, stopped: () => stopped };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise(setImmediate);
}

test('a reader that is slow gets only the newest of what came meanwhile', async () => {
  const { stream, items } = source();
  stream.write(1);
  expect((await items.next()).value).toBe(1);
  for (let i = 2; i <= 40; i++) stream.write(i);
  await settle();
  expect((await items.next()).value).toBe(40);
  const waiting = items.next();
  stream.write(41);
  expect((await waiting).value).toBe(41);
});

test('the last item comes before the end, or before the failure', async () => {
  const ended = source();
  ended.stream.end(1);
  expect((await ended.items.next()).value).toBe(1);
  expect(await ended.items.next()).toEqual({ done: true, value: undefined });
  expect(ended.stopped()).toBe(true);

  const failed = source();
  const first = failed.items.next();
  failed.stream.write(1);
  expect((await first).value).toBe(1);
  failed.stream.destroy(new Error('gone'));
  await expect(failed.items.next()).rejects.toThrow('gone');
});

test('a reader that leaves stops the source', async () => {
  const { stream, items, stopped } = source();
  stream.write(1);
  await items.next();
  await items.return(undefined);
  expect(stopped()).toBe(true);
});
