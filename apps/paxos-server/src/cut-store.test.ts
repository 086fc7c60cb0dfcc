import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cutJournalIn } from '@synod/server/testing';
import { brief, Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make(3);
});
afterEach(() => workspace.close());

test('a journal cut inside acknowledged data is noticed by peers: the server refuses to serve, the others go on', async () => {
  const servers = ['S1', 'S2', 'S3'].map((id) => workspace.spawn(id));
  await workspace.untilUp('S1', 'S2', 'S3');
  for (let i = 0; i < 30; i++) await workspace.transfer('S3', 'S1', 1n, { id: `before ${i}` });
  await workspace.transfer('S1', 'S2', 150n, { id: 'a round: all servers send messages' });
  await servers[2]!.kill();
  await cutJournalIn(join(workspace.dataOf('S3'), 'store'));

  for (const attempt of ['first', 'second']) {
    const cut = workspace.spawn('S3');
    expect([attempt, await cut.exit]).toEqual([attempt, { code: 4, signal: null }]);
    expect(cut.stderr.replace(workspace.directory, '…')).toMatch(
      /^synod-paxos-server: the store in …\/data\/S3\/store was cut short: S[12] remembers write \d+ of S3, whose disk has lost those after \d+\. Restore the data directory as it was when .*\n$/,
    );
  }
  expect(brief(await workspace.transfer('S2', 'S1', 170n, { id: 'after' }))).toBe('after pending 0');
});
