import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { flipBitIn } from '@synod/server/testing';
import { brief, Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make(3);
});
afterEach(() => workspace.close());

test('a damaged store is refused with what to do, the others go on, and its removal is a lost disk', async () => {
  const servers = ['S1', 'S2', 'S3'].map((id) => workspace.spawn(id));
  await workspace.untilUp('S1', 'S2', 'S3');
  for (const id of ['a', 'b', 'c']) await workspace.transfer('S3', 'S1', 1n, { id });
  await servers[2]!.kill();
  await flipBitIn(join(workspace.dataOf('S3'), 'store'), /^journal/);

  const damaged = workspace.spawn('S3');
  expect(await damaged.exit).toEqual({ code: 3, signal: null });
  expect(damaged.log).toEqual([]);
  expect(damaged.stderr.replace(workspace.directory, '…')).toMatch(
    /^synod-paxos-server: the store in …\/data\/S3\/store is damaged: journal-\d: .*\. Restore the data directory as it was when .*\n$/,
  );
  expect(brief(await workspace.transfer('S1', 'S2', 150n))).toBe('S1-S2-150 pending 0'); // after a round of S1 and S2

  await rm(workspace.dataOf('S3'), { recursive: true });
  const empty = workspace.spawn('S3');
  expect(await empty.exit).toEqual({ code: 4, signal: null });
  expect(empty.stderr).toMatch(
    /^synod-paxos-server: S3 starts with a disk that S[12] does not know .* replace the server\.\n$/,
  );
});
