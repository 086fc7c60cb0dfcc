import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SynodError } from '@synod/kernel';
import type { ServerProcess } from '@synod/server/testing';
import type { RegisterConnection } from '@synod/transport/client';
import { Workspace } from './testing/workspace.js';

const others = ['S1', 'S2', 'S3', 'S5'];

let workspace: Workspace;
let processes: Map<string, ServerProcess>;
beforeEach(async () => {
  workspace = await Workspace.make({ nodes: 5 });
  processes = new Map(workspace.ids.map((id) => [id, workspace.spawn(id)]));
  await workspace.untilUp(...workspace.ids);
});
afterEach(() => workspace.close());

const bytes = (text: string): Buffer => Buffer.from(text);

async function textAt(registers: RegisterConnection, key: string): Promise<string | undefined> {
  return (await registers.read(key)).value?.toString();
}

async function hearsOfReplacement(id: string): Promise<void> {
  for await (const { event } of workspace.at(id).node.watchEvents({ last: 10_000 })) {
    if (event.kind === 'server-replaced') return;
  }
}

test('a dead node is replaced, also when all start again with the old cluster.yaml', async () => {
  await workspace.at('S4').registers.write('shared', bytes('of the former S4'));
  await processes.get('S4')!.kill();
  await rm(workspace.dataOf('S4'), { recursive: true });

  const next = await workspace.successor('S4');
  const process = await next.start();
  const { registers } = next.calls;
  expect(await next.calls.node.describe()).toMatchObject({ server: 'S4', waits: true });
  await expect(registers.read('shared')).rejects.toMatchObject({ code: 'not_ready' });
  const replaced = await next.replace(workspace.admin('S2'));
  expect(replaced).toEqual({ type: 'configuration', version: 1 });
  expect(await next.replace(workspace.admin('S3'))).toEqual(replaced); // repeated, elsewhere
  await workspace.untilTakesPart(next);
  expect(await textAt(registers, 'shared')).toBe('of the former S4');
  await registers.write('shared', bytes('of the new S4'));
  expect((await workspace.node('S5').describe()).servers).toContainEqual({ id: 'S4', address: next.address });
  expect((await workspace.at('S1').registers.layout()).nodes).toContainEqual({ id: 'S4', address: next.address });

  for (const id of others) await processes.get(id)!.kill();
  await process.kill();
  for (const id of ['S1', 'S5']) workspace.spawn(id);
  await next.start();
  await workspace.untilTakesPart(next); // with two others it is a majority
  await workspace.until('S1', ({ peers }) => peers.filter(({ linked }) => linked).length === 2);
  expect(await textAt(workspace.at('S5').registers, 'shared')).toBe('of the new S4');
  await workspace.at('S1').registers.write('config/colour', bytes('blue'));
  expect(await textAt(registers, 'config/colour')).toBe('blue');
});

test('a node that was only cut off is turned away for good when it comes back', async () => {
  await Promise.all(others.map((id) => workspace.admin(id).disconnect(['S4'])));
  const next = await workspace.successor('S4');
  await next.start();
  const replaced = next.replace(workspace.admin('S1'));
  await Promise.all(others.map(hearsOfReplacement));
  await Promise.all(others.map((id) => workspace.admin(id).connect(['S4'])));
  expect(await processes.get('S4')!.exit).toEqual({ code: 4, signal: null });
  expect(processes.get('S4')!.stderr).toMatch(/^synod-register-server: S4 was replaced by disk [0-9a-f]{16} at .*\n$/);
  expect(await replaced).toEqual({ type: 'configuration', version: 1 });
});

test('what can not be replaced is refused in one line', async () => {
  const [disk, address] = ['00000000000000c4', '127.0.0.1:1'];
  const refused = (asked: string, server: string, more: { disk?: string; address?: string } = {}) =>
    workspace
      .admin(asked)
      .replace({ server, disk, address, ...more })
      .catch(({ code, message }: SynodError) => `${code}: ${message}`);
  expect(await refused('S1', 'S9')).toBe('unknown_server: node: no "S9" shares registers with S1');
  expect(await refused('S4', 'S4')).toBe('invalid_argument: node: S4 does not replace itself: ask another node');
  expect(await refused('S1', 'S4', { address: workspace.addressOf('S5') })).toBe(
    `invalid_argument: address: ${workspace.addressOf('S5')} is that of S5`,
  );
  const own = (await workspace.node('S5').describe()).disk;
  expect(await refused('S1', 'S4', { disk: own })).toBe(`invalid_argument: disk: ${own} is that of S5`);
});
