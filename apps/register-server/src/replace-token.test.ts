import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { firstReport, type ServerProcess } from '@synod/server/testing';
import { ServerConnection } from '@synod/transport/client';
import { abc, abcStates, Workspace } from './testing/workspace.js';

let workspace: Workspace;
let scheme: string;
let writer: string;
let readers: string[];
const processes = new Map<string, ServerProcess>();
beforeEach(async () => {
  workspace = await Workspace.make({ nodes: 3 });
  [writer, ...readers] = workspace.cluster.servers.map(({ address }) => address) as [string, ...string[]];
  scheme = join(workspace.directory, 'scheme.yaml');
  await writeFile(scheme, `- { token: 101, writer: "${writer}", readers: ${JSON.stringify(readers)} }\n`);
  for (const node of [writer, ...readers]) processes.set(node, workspace.spawn(node, '--config', scheme));
});
afterEach(() => workspace.close());

/** All services of an access point, once its node takes part. */
async function at(address: string): Promise<ServerConnection> {
  const calls = workspace.keep(new ServerConnection(address, { cluster: 'tokens' }));
  await firstReport(
    (options) => calls.registers.watchStatus(options),
    ({ ready }) => ready,
  );
  return calls;
}

async function replace(node: string, asked: ServerConnection): Promise<ServerConnection> {
  await processes.get(node)!.kill();
  const next = await workspace.successor(node, '--config', scheme);
  await next.start();
  await next.replace(asked.admin);
  await workspace.untilTakesPart(next);
  return next.calls;
}

test('a reader of a token, then its writer is replaced: its state is kept, and its tags go on', async () => {
  const [first, , other] = await Promise.all([writer, ...readers].map(at));
  const whole = { id: '101', ...abc, ...abcStates };
  expect((await first!.tokens.write({ id: '101', ...abc })).tag).toEqual([1, writer]);

  const reader = await replace(readers[0]!, first!);
  expect(await reader.tokens.read('101')).toMatchObject({ token: whole, tag: [1, writer] });
  await expect(reader.tokens.drop('101')).rejects.toMatchObject({ code: 'unauthorised' });
  expect((await first!.tokens.drop('101')).tag).toEqual([2, writer]);

  const second = await replace(writer, other!);
  await expect(second.tokens.read('101')).rejects.toMatchObject({ code: 'dropped' });
  expect((await second.tokens.create('101')).tag).toEqual([3, writer]);
  expect(await second.tokens.write({ id: '101', ...abc })).toMatchObject({
    partial: abcStates.partial,
    tag: [4, writer],
  });
  for (const { tokens } of [second, reader, other!]) {
    expect(await tokens.read('101')).toMatchObject({ token: whole, tag: [4, writer] });
  }
});
