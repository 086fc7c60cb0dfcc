import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cutJournalIn } from '@synod/server/testing';
import { Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
});
afterEach(() => workspace.close());

test('a journal cut inside acknowledged data is noticed by peers; removed, the node copies all from them and serves', async () => {
  const nodes = workspace.ids.map((id) => workspace.spawn(id));
  await workspace.untilUp(...workspace.ids);
  const { registers } = workspace.at('S1');
  for (let i = 0; i < 30; i++) await registers.write('config/colour', Buffer.from(`shade ${i}`));
  await workspace.at('S3').registers.read('config/colour'); // so that S3 says something after its writes
  await nodes[2]!.kill();
  await cutJournalIn(join(workspace.dataOf('S3'), 'store'));

  const cut = workspace.spawn('S3');
  expect(await cut.exit).toEqual({ code: 4, signal: null });
  expect(cut.stderr.replace(workspace.directory, '…')).toMatch(
    /^synod-register-server: the store in …\/data\/S3\/store was cut short: S[12] remembers write \d+ of S3, whose disk has lost those after \d+\. Remove the data directory and start .*\n$/,
  );
  const tag = await registers.write('config/colour', Buffer.from('black'));

  await rm(workspace.dataOf('S3'), { recursive: true });
  await workspace.spawn('S3').logged('recovery-finished');
  await workspace.untilUp(...workspace.ids);
  expect(await workspace.at('S3').registers.read('config/colour')).toEqual({ value: Buffer.from('black'), tag });
});
