import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ObedientServers } from '../testing/obedient-servers.js';
import type { LocalServers } from './local-servers.js';

let obedient: ObedientServers;
let servers: LocalServers;
beforeEach(async () => {
  obedient = await ObedientServers.make();
  servers = obedient.servers;
});
afterEach(() => obedient.close());

test('a server runs with its command line, on a directory of its own', async () => {
  const directory = join(obedient.folder, 'S2');
  const { args } = await obedient.start('S2', ['--more']);
  expect(args).toEqual(['S2', directory, '--more']);
  expect(servers.directoryOf('S2')).toBe(directory);
  expect(existsSync(directory)).toBe(true);
  expect(servers.running()).toEqual(['S2']);
  expect(servers.admin('S2').address).toBe('127.0.0.1:2');
});

test('it can not be started twice', async () => {
  await obedient.start('S1');
  expect(() => servers.start('S1')).toThrow('S1 runs already');
});

test('crash kills it at once, without a word, and it can be started again', async () => {
  const first = await obedient.start('S1');
  const closed = once(first.socket, 'close');
  const words: string[] = [];
  first.socket.on('data', (data) => words.push(String(data)));
  await servers.crash('S1');
  await closed;
  expect(words).toEqual([]);
  expect(servers.isRunning('S1')).toBe(false);
  expect(obedient.ended.map(({ server }) => server)).toEqual(['S1']);
  const second = await obedient.start('S1');
  expect(second.pid).not.toBe(first.pid);
  expect(obedient.ended.map(({ server }) => server)).toEqual(['S1']);
});

test('one that ends by itself is told of, with its last word', async () => {
  servers.start('S1', ['--fail']);
  expect(await servers.ended('S1')).toBe('RangeError: no such thing');
  expect(servers.isRunning('S1')).toBe(false);
  expect(obedient.ended.map(({ server }) => server)).toEqual(['S1']);
});

test('whoever waits for servers is told which one could not start, and why', async () => {
  await obedient.start('S1');
  servers.start('S2', ['--fail']);
  await expect(servers.untilReady(['S1', 'S2'], new Promise(() => {}))).rejects.toMatchObject({
    code: 'unavailable',
    message: 'server S2 could not start: RangeError: no such thing',
  });
  await servers.untilReady(['S1'], Promise.resolve());
});

describe('a paused server', () => {
  test('counts as running, and answers when it is resumed', async () => {
    const { socket, says } = await obedient.start('S1');
    servers.pause('S1');
    expect([servers.isPaused('S1'), servers.isRunning('S1')]).toEqual([true, true]);
    socket.write('ping\n');
    servers.resume('S1');
    expect(servers.isPaused('S1')).toBe(false);
    expect(await says()).toBe('pong');
  });

  // Elsewhere there is no /proc to see it in.
  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux('stands still, and the others do not', async () => {
    const { pid } = await obedient.start('S1');
    const other = await obedient.start('S2');
    servers.pause('S1');
    while (stateOf(pid) !== 'T') await turn();
    other.socket.write('ping\n');
    expect(await other.says()).toBe('pong');
    expect(stateOf(pid)).toBe('T');
    servers.resume('S1');
    while (stateOf(pid) === 'T') await turn();
  });

  test('can be crashed, and does not stay paused', async () => {
    await obedient.start('S1');
    servers.pause('S1');
    await servers.crash('S1');
    await obedient.start('S1');
    expect(servers.isPaused('S1')).toBe(false);
  });

  test('is stopped like any other, in good order', async () => {
    const { says } = await obedient.start('S1');
    servers.pause('S1');
    const word = says();
    await servers.stop();
    expect(await word).toBe('bye');
  });
});

test('stop ends all, in good order, and nobody is told that they are gone', async () => {
  const lives = [await obedient.start('S1'), await obedient.start('S3')];
  const words = lives.map(({ says }) => says());
  await servers.stop();
  expect(await Promise.all(words)).toEqual(['bye', 'bye']);
  expect(servers.running()).toEqual([]);
  expect(obedient.ended).toEqual([]);
});

test('after stop none can be started any more', async () => {
  await servers.stop();
  expect(() => servers.start('S1')).toThrow(expect.objectContaining({ code: 'cancelled' }));
});

test('what is asked of a server that does not run is unavailable', async () => {
  const unavailable = { code: 'unavailable', message: 'S3 does not run' };
  expect(() => servers.ended('S3')).toThrow(expect.objectContaining(unavailable));
  expect(() => servers.admin('S3')).toThrow(expect.objectContaining(unavailable));
  expect(() => servers.pause('S3')).toThrow(expect.objectContaining(unavailable));
  expect(() => servers.resume('S3')).toThrow(expect.objectContaining(unavailable));
  await expect(servers.crash('S3')).rejects.toMatchObject(unavailable);
});

/** As `ps` shows it: `T` is stopped by a signal. */
function stateOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]![0]!;
}
