import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SynodError } from '@synod/kernel';
import type { LogLine, ServerProcess } from '@synod/server/testing';
import { brief, Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make(3);
});
afterEach(() => workspace.close());

async function spawnAll(...args: string[]): Promise<ServerProcess[]> {
  const servers = ['S1', 'S2', 'S3'].map((id) => workspace.spawn(id, ...args));
  await Promise.all(servers.map((server) => server.logged('server-started')));
  await workspace.untilUp('S1', 'S2', 'S3');
  return servers;
}

async function logFile(id: string): Promise<LogLine[]> {
  const text = await readFile(join(workspace.dataOf(id), 'server.log'), 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine);
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends the server gracefully', async (signal) => {
  const server = workspace.spawn('S1');
  await server.logged('server-started');
  expect(await server.kill(signal)).toEqual({ code: 0, signal: null });
  expect(server.stderr).toBe('');
  expect(server.log.slice(-2).map(({ kind }) => kind)).toEqual(['server-stopping', 'server-stopped']);
});

test('a graceful stop finishes the round under way', async () => {
  const [, second] = await spawnAll();
  const decided = workspace.transfer('S2', 'S3', 150n);
  await second!.logged('round-started');
  const exit = second!.kill('SIGTERM');
  expect(brief(await decided)).toBe('S2-S3-150 pending 0');
  expect(await exit).toEqual({ code: 0, signal: null });
});

test('a second signal ends the process at once', async () => {
  const [first, second, third] = await spawnAll();
  await Promise.all([second!.kill(), third!.kill()]);
  void workspace.transfer('S1', 'S2', 150n).catch(() => {}); // no majority: the stop waits for it
  await workspace.until('S1', ({ status }) => status.undecided === 1);
  void first!.kill('SIGTERM');
  await first!.logged('server-stopping');
  expect(await first!.kill('SIGTERM')).toEqual({ code: 1, signal: null });
  expect(first!.log.at(-1)).not.toMatchObject({ kind: 'server-stopped' });
});

test('SIGKILL loses no executed, pending or decided transfer; repeats get the same outcomes', async () => {
  const [first] = await spawnAll();
  const asked = [
    ['S1-local', 40n, 'queue'],
    ['S1-short', 300n, 'reject'],
    ['S1-waits', 200n, 'queue'],
    ['S1-behind', 1n, 'queue'],
  ] as const;
  const answers: string[] = [];
  for (const [id, amount, short] of asked.slice(0, 3)) {
    answers.push(brief(await workspace.transfer('S1', 'S2', amount, { id, short })));
  }
  expect(answers).toEqual(['S1-local local 1', 'S1-short rejected 0', 'S1-waits pending 0']);
  await workspace.transfer('S1', 'S2', 1n, { id: 'S1-behind' });
  expect(await first!.kill()).toEqual({ code: null, signal: 'SIGKILL' });

  const again = workspace.spawn('S1');
  await again.logged('server-started');
  await workspace.untilUp('S1', 'S2', 'S3');
  const { pending } = await workspace.ledger('S1').log();
  expect(pending.map(({ id }) => id)).toEqual(['S1-waits', 'S1-behind']);
  for (const [i, [id, amount, short]] of asked.slice(0, 3).entries()) {
    expect(brief(await workspace.transfer('S1', 'S2', amount, { id, short }))).toBe(answers[i]);
  }
});

test('a server whose disk is empty though its peers know it refuses to take part', async () => {
  const [, , third] = await spawnAll();
  await third!.kill();
  await rm(workspace.dataOf('S3'), { recursive: true });
  const empty = workspace.spawn('S3');
  expect(await empty.exit).toEqual({ code: 4, signal: null });
  expect(empty.stderr).toMatch(/^synod-paxos-server: S3 starts with a disk that S[12] does not know .*\n$/);
  expect(empty.log.at(-1)).toMatchObject({ kind: 'fatal', code: 'disk_lost' });
  expect(empty.log.filter(({ kind }) => kind === 'fatal')).toHaveLength(1);
});

test('a disk that fails ends the server, and what it acknowledged is there afterwards', async () => {
  const server = workspace.spawnOnSmallDisk('S1', 300);
  await Promise.all(['S2', 'S3'].map((id) => workspace.start(id)));
  await workspace.untilUp('S1', 'S2', 'S3');
  const acknowledged: string[] = [];
  const ids = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(128, '.'));
  const failure = await (async () => {
    for (const id of ids) acknowledged.push((await workspace.transfer('S1', 'S2', 1n, { id })).id);
  })().catch((error: SynodError) => error);
  expect(failure).toMatchObject({ code: 'unavailable', definite: false });
  expect(await server.exit).toEqual({ code: 3, signal: null });
  expect(server.stderr).toMatch(/^synod-paxos-server: writing to the store in .* failed: .*\n$/);
  expect(server.log.at(-1)).toMatchObject({ kind: 'fatal', code: 'storage_failed' });

  await workspace.spawn('S1').logged('server-started');
  await workspace.untilUp('S1', 'S2', 'S3');
  const { entries } = await workspace.ledger('S1').log();
  expect(acknowledged.length).toBeGreaterThan(10);
  expect(entries.map(({ value }) => value.id).slice(0, acknowledged.length)).toEqual(acknowledged);
});

test('the log file has every line up to a SIGKILL, and the console the same ones', async () => {
  const [first, , third] = await spawnAll('--log-level', 'debug', '--allow-faults');
  await workspace.admin('S1').setFailpoint({ name: 'transfer:after-release', action: 'kill', hits: 3 });
  for (const amount of [1n, 2n]) await workspace.transfer('S1', 'S2', amount);
  await workspace.transfer('S1', 'S2', 3n).catch(() => {}); // its answer may be lost with the process
  expect(await first!.exit).toEqual({ code: null, signal: 'SIGKILL' });
  const lines = await logFile('S1');
  expect(lines.at(-1)).toMatchObject({ kind: 'transfer-decided', id: 'S1-S2-3', status: 'local', level: 'debug' });
  expect(first!.log).toEqual(lines);
  expect((await logFile('S3')).length).toBeGreaterThanOrEqual(third!.log.length);
});

test('--quiet keeps the log out of standard output, --log-level silent out of the file too', async () => {
  const quiet = workspace.spawn('S1', '--quiet');
  const silent = workspace.spawn('S2', '--log-level', 'silent');
  await Promise.all(['S1', 'S2'].map((id) => workspace.until(id, ({ status }) => status.connected.length === 1)));
  await Promise.all([quiet.kill('SIGTERM'), silent.kill('SIGTERM')]);
  expect(quiet.log).toEqual([]);
  expect((await logFile('S1')).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['server-started', 'link-up']));
  expect(silent.log).toEqual([]);
  expect(await readFile(join(workspace.dataOf('S2'), 'server.log'), 'utf8')).toBe('');
});

test('a failpoint kills the process at its point, and not before it is reached so often', async () => {
  const [first] = await spawnAll('--allow-faults');
  const admin = workspace.admin('S1');
  await admin.setFailpoint({ name: 'transfer:before-write', action: 'kill', hits: 3 });
  for (const amount of [1n, 2n]) await workspace.transfer('S1', 'S2', amount);
  const states = await admin.failpoints();
  expect(states).toHaveLength(51);
  expect(states).toContainEqual({ name: 'transfer:before-write', reached: 2, armed: 1 });
  expect(states).toContainEqual({ name: 'transfer:after-write', reached: 2, armed: 0 });
  await expect(workspace.transfer('S1', 'S2', 3n)).rejects.toMatchObject({ code: 'unavailable', definite: false });
  expect(await first!.exit).toEqual({ code: null, signal: 'SIGKILL' });

  await workspace.spawn('S1').logged('server-started');
  const { entries } = await workspace.ledger('S1').log();
  expect(entries.map(({ value }) => value.amount)).toEqual([1n, 2n]); // the third was never written
});

test('a failpoint can be armed from the start: after the write the transfer is kept though nobody was answered', async () => {
  const [first] = await spawnAll('--allow-faults', '--failpoint', 'transfer:after-write');
  await expect(workspace.transfer('S1', 'S2', 3n)).rejects.toMatchObject({ definite: false });
  expect(await first!.exit).toEqual({ code: null, signal: 'SIGKILL' });

  await workspace.spawn('S1').logged('server-started');
  await workspace.untilUp('S1', 'S2', 'S3');
  expect(brief(await workspace.transfer('S1', 'S2', 3n))).toBe('S1-S2-3 local 1');
});

test('without --allow-faults there are no faults to set', async () => {
  await workspace.spawn('S1').logged('server-started');
  const admin = workspace.admin('S1');
  const failpoint = { name: 'transfer:after-write', action: 'kill', hits: 1 } as const;
  await expect(admin.setFailpoint(failpoint)).rejects.toMatchObject({ code: 'refused' });
  await expect(admin.failpoints()).rejects.toMatchObject({ code: 'refused' });
});
