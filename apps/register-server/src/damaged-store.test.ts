import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { flipBitIn } from '@synod/server/testing';
import { Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
});
afterEach(() => workspace.close());

test('a damaged store is refused with what to do; that done, the node copies all from its peers and serves', async () => {
  const nodes = workspace.ids.map((id) => workspace.spawn(id));
  await workspace.untilUp(...workspace.ids);
  const { registers } = workspace.at('S1');
  for (const value of ['red', 'green', 'blue']) await registers.write('config/colour', Buffer.from(value));
  await nodes[2]!.kill();
  await flipBitIn(join(workspace.dataOf('S3'), 'store'), /^journal/);

  const damaged = workspace.spawn('S3');
  expect(await damaged.exit).toEqual({ code: 3, signal: null });
  expect(damaged.log).toEqual([]);
  expect(damaged.stderr.replace(workspace.directory, '…')).toMatch(
    /^synod-register-server: the store in …\/data\/S3\/store is damaged: journal-\d: .*\. Remove the data directory and start .*\n$/,
  );
  const tag = await registers.write('config/colour', Buffer.from('black'));

  await rm(workspace.dataOf('S3'), { recursive: true });
  await workspace.spawn('S3').logged('recovery-finished');
  await workspace.untilUp(...workspace.ids);
  expect(await workspace.at('S3').registers.read('config/colour')).toEqual({ value: Buffer.from('black'), tag });
});
