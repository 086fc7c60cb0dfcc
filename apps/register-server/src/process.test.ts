import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { firstReport, type LogLine, type ServerProcess } from '@synod/server/testing';
import { ServerConnection } from '@synod/transport/client';
import { failpointNames } from './index.js';
import { abc, abcStates, Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
});
afterEach(() => workspace.close());

const bytes = (text: string): Buffer => Buffer.from(text);

async function spawnAll(...args: string[]): Promise<ServerProcess[]> {
  const nodes = workspace.ids.map((id) => workspace.spawn(id, ...args));
  await workspace.untilUp(...workspace.ids);
  return nodes;
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends the node gracefully', async (signal) => {
  const node = workspace.spawn('S1');
  await node.logged('server-started');
  expect(await node.kill(signal)).toEqual({ code: 0, signal: null });
  expect(node.stderr).toBe('');
  expect(node.log.slice(-2).map(({ kind }) => kind)).toEqual(['server-stopping', 'server-stopped']);
});

test('SIGKILL loses nothing that was answered, and a restart takes no timestamp again', async () => {
  const [first] = await spawnAll();
  const { registers, tokens } = workspace.at('S1');
  await registers.write('config/gone', bytes('1'));
  const deleted = await registers.delete('config/gone');
  const colour = await registers.write('config/colour', bytes('blue'));
  const written = await tokens.write({ id: '101', ...abc });
  expect(await first!.kill()).toEqual({ code: null, signal: 'SIGKILL' });
  expect((await workspace.at('S2').registers.read('config/colour')).tag).toEqual(colour);

  workspace.spawn('S1');
  await workspace.untilUp(...workspace.ids);
  expect(await registers.read('config/colour')).toEqual({ value: bytes('blue'), tag: colour });
  expect(await registers.read('config/gone')).toEqual({ value: undefined, tag: deleted });
  expect(await tokens.read('101')).toEqual({ token: { id: '101', ...abc, ...abcStates }, tag: written.tag });
  expect(await registers.write('config/colour', bytes('red'))).toEqual([colour[0] + 1, 'S1']);
});

test('a majority of killed nodes comes back with all that was answered', async () => {
  const nodes = await spawnAll();
  const tag = await workspace.at('S1').registers.write('config/colour', bytes('blue'));
  await Promise.all(nodes.map((node) => node.kill()));
  await spawnAll();
  for (const id of workspace.ids) {
    expect(await workspace.at(id).registers.read('config/colour')).toEqual({ value: bytes('blue'), tag });
  }
});

test('a node that lost its disk copies everything from its peers, and takes part again', async () => {
  const [, , third] = await spawnAll();
  const tag = await workspace.at('S1').registers.write('config/colour', bytes('blue'));
  await third!.kill();
  await rm(workspace.dataOf('S3'), { recursive: true });
  const empty = workspace.spawn('S3');
  await empty.logged('recovery-finished');
  expect(empty.log.find(({ kind }) => kind === 'recovery-started')).toMatchObject({ level: 'warn', server: 'S3' });
  await workspace.untilUp(...workspace.ids);
  expect(await workspace.at('S3').registers.inspect('config/colour')).toMatchObject({ counter: tag[0], writer: 'S1' });
});

test('a graceful stop finishes the search, and the write, that entered before', async () => {
  await workspace.close();
  workspace = await Workspace.make({ nodes: 1, tokens: ([s1]) => `[{ token: 101, writer: "${s1}", readers: [] }]` });
  const node = workspace.spawn('S1');
  await workspace.untilUp('S1');
  const { tokens } = workspace.at('S1');
  await tokens.write({ id: '101', ...abc }); // from now on it knows that the token is not dropped
  const domain = { low: 0n, mid: 400_000n, high: 400_001n };
  const written = tokens.write({ id: '101', name: 'slow', domain });
  await workspace.at('S1').registers.status(); // behind the write, on the same connection
  const exit = node.kill('SIGTERM');
  expect((await written).tag).toEqual([2, 'S1']);
  expect(await exit).toEqual({ code: 0, signal: null });
});

test('a second signal ends the process at once', async () => {
  const node = workspace.spawn('S1'); // alone: what it is asked waits, and the stop waits for that
  await workspace.until('S1', () => true);
  workspace
    .at('S1')
    .registers.read('config/colour')
    .catch(() => {});
  await workspace.until('S1', ({ active }) => active === 1);
  void node.kill('SIGTERM');
  await node.logged('server-stopping');
  expect(await node.kill('SIGTERM')).toEqual({ code: 1, signal: null });
  expect(node.log.at(-1)).not.toMatchObject({ kind: 'server-stopped' });
});

test('after each request for a token a line of the debug log has all of it, and the ids of all tokens', async () => {
  const [first] = await spawnAll('--log-level', 'debug');
  const { tokens } = workspace.at('S1');
  await tokens.write({ id: '101', ...abc });
  await tokens.read('101');
  const exit = first!.kill('SIGTERM');
  await exit;
  const text = await readFile(join(workspace.dataOf('S1'), 'server.log'), 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLine);
  expect(lines.filter(({ kind }) => kind === 'token-request')).toMatchObject([
    { msg: 'write token "101": write', id: '101', tokens: '101 102', name: 'abc', domain: '[1, 5, 25)' },
    { msg: 'read token "101": read', tokens: '101 102', final: '15 (902613196918738813)' },
  ]);
  expect(first!.log).toEqual(lines);
});

test('failpoints are named after the messages and commands of registers', async () => {
  const [first] = await spawnAll('--allow-faults');
  const { admin, registers } = workspace.at('S1');
  const states = await admin.failpoints();
  expect(states.map(({ name }) => name)).toEqual(failpointNames);
  await admin.setFailpoint({ name: 'delete:before-write', action: 'kill', hits: 1 });
  const tag = await registers.write('config/colour', bytes('blue'));
  await expect(registers.delete('config/colour')).rejects.toMatchObject({ code: 'unavailable', definite: false });
  expect(await first!.exit).toEqual({ code: null, signal: 'SIGKILL' });

  workspace.spawn('S1');
  await workspace.untilUp(...workspace.ids);
  expect(await registers.read('config/colour')).toEqual({ value: bytes('blue'), tag }); // it was never written
});

test('a failpoint can be armed from the start: what a majority acknowledged is there, though nobody was answered', async () => {
  const [first] = await spawnAll('--allow-faults', '--failpoint', 'ack:before-write:1');
  const { registers } = workspace.at('S1');
  await expect(registers.write('config/colour', bytes('blue'))).rejects.toMatchObject({ definite: false });
  expect(await first!.exit).toEqual({ code: null, signal: 'SIGKILL' });

  workspace.spawn('S1');
  await workspace.untilUp(...workspace.ids);
  expect((await registers.read('config/colour')).value).toEqual(bytes('blue'));
});

/** A replication scheme by itself, on the addresses of the workspace. */
async function bareScheme(): Promise<string> {
  const [s1, s2, s3] = workspace.cluster.servers.map(({ address }) => address);
  const file = join(workspace.directory, 'scheme.yaml');
  await writeFile(file, `- token: 101\n  writer: ${s1}\n  readers:\n    - ${s2}\n    - ${s3}\n`);
  return file;
}

test('nodes of a replication scheme need but their addresses, whichever way they are written', async () => {
  const config = await bareScheme();
  const [s1, s2, s3] = workspace.cluster.servers.map(({ address }) => address);
  const [host2, port2] = s2!.split(':');
  const [host3, port3] = s3!.split(':');
  const at = (id: string): string[] => ['--config', config, '--data', workspace.dataOf(id)];
  workspace.run(...at('S1'), '--listen', s1!);
  workspace.run(...at('S2'), '--host', host2!, '--port', port2!);
  workspace.run(...at('S3'), '-ip', host3!, '--port', port3!);
  const nodes = [s1!, s2!, s3!].map((address) => workspace.keep(new ServerConnection(address, { cluster: 'tokens' })));
  const ready = nodes.map(({ registers }) =>
    firstReport(
      (it) => registers.watchStatus(it),
      (report) => report.ready,
    ),
  );
  expect((await Promise.all(ready)).map(({ node }) => node)).toEqual([s1, s2, s3]);
  await nodes[0]!.tokens.write({ id: '101', ...abc });
  expect((await nodes[2]!.tokens.read('101')).token.final).toEqual(abcStates.final);
});

test('a node of a scheme can bind another address than the one it is known by', async () => {
  const elsewhere = workspace.addressOf('S2');
  const id = workspace.addressOf('S1');
  const node = workspace.run(
    ...['--config', await bareScheme(), '--data', workspace.dataOf('S1'), '--id', id, '--listen', elsewhere],
  );
  expect(await node.logged('server-started')).toMatchObject({ server: id, address: elsewhere });
});
