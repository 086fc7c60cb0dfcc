import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LevelStorage } from '@synod/storage';
import { DataDirectoryError } from './data-directory.js';
import type { ServerOptions } from './options.js';
import { exitCodeOf } from './process/exit-codes.js';
import { Counters } from './testing/counters.js';

let counters: Counters;
beforeEach(async () => {
  counters = await Counters.make(1);
});
afterEach(() => counters.close());

/** Leaves a data directory behind in which something was written. */
async function used(): Promise<string> {
  const { server, counter } = await counters.start('S1');
  await counter.add(7);
  await server.stop();
  return counters.dataOf('S1');
}

/** Why a server does not start on the data of S1. */
async function refusal(options: Partial<ServerOptions> = {}): Promise<string> {
  const { id = 'S1', ...rest } = options;
  const error: unknown = await counters.start(id, { dataDirectory: counters.dataOf('S1'), ...rest }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataDirectoryError);
  expect(exitCodeOf(error)).toBe(3);
  return (error as Error).message.replaceAll(counters.directory, '…');
}

/** The cluster under another name, or with servers of other names. */
function cluster(id: string, ...servers: string[]): ServerOptions['cluster'] {
  return { id, servers: servers.map((server) => ({ ...counters.cluster.servers[0]!, id: server })) };
}

test('what was durable is there after the next start', async () => {
  await used();
  const { counter } = await counters.start('S1');
  expect(await counter.add(1)).toBe(8);
});

test.each([
  ['another cluster', 'other', 'S1', 'belongs to cluster "test", not "other"'],
  ['another server', 'test', 'S7', 'belongs to node "S1", not "S7"'],
])('the store of %s is refused', async (_, name, id, why) => {
  await used();
  expect(await refusal({ cluster: cluster(name, id), id })).toBe(`the store in …/S1/store ${why}`);
});

test('a store that was made with what the application can not go on from is refused, in its words', async () => {
  await used();
  expect(await refusal({ cluster: cluster('test', 'S1', 'S2') })).toBe(
    'the store in …/S1/store was made with members S1',
  );
});

test('a store that is open is refused', async () => {
  await counters.start('S1');
  expect(await refusal({ listen: '127.0.0.1:0' })).toMatch(/^the store in …\/S1\/store is locked: /);
});

test('a damaged store is refused, with what to do about it', async () => {
  await rm(join(await used(), 'store', 'CURRENT'));
  expect(await refusal()).toMatch(
    /^the store in …\/S1\/store is damaged: CURRENT is missing, but \S+ is there\. Count anew\.$/,
  );
});

test('a record that the machine can not read is told like any other damage', async () => {
  await used();
  const identity = { cluster: 'test', node: 'S1', format: 'counter-1' };
  const storage = await LevelStorage.open({ directory: join(counters.dataOf('S1'), 'store'), identity });
  await new Promise((resolve) => storage.write([{ key: 'counter/total', value: Buffer.of(0x80) }], resolve));
  await storage.close();
  expect(await refusal()).toMatch(/^the store in …\/S1\/store is damaged: stored record .*\. Count anew\.$/);
});

test('a data directory that is a file is refused', async () => {
  await writeFile(counters.dataOf('S1'), 'a file');
  expect(await refusal()).toMatch(/^cannot open the store in …\/S1\/store: /);
});

test('a log that can not be written is refused', async () => {
  const directory = await used();
  await rm(join(directory, 'server.log'));
  await mkdir(join(directory, 'server.log'));
  expect(await refusal()).toMatch(/^cannot write the log …\/S1\/server\.log: /);
});

test('a refused directory holds what it held', async () => {
  const directory = await used();
  const log = await readFile(join(directory, 'server.log'), 'utf8');
  await refusal({ cluster: cluster('other', 'S1') });
  expect(await readFile(join(directory, 'server.log'), 'utf8')).toBe(log);
  expect(await readdir(directory)).toEqual(['server.log', 'store']);
  await counters.start('S1');
});
