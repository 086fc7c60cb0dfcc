import { cp } from 'node:fs/promises';
import { readCluster } from '@synod/cluster';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DataDirectoryError, exitCodeOf } from './index.js';
import { Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make(1);
});
afterEach(() => workspace.close());

/** Leaves a data directory behind in which one transfer was executed. */
async function used(): Promise<string> {
  const server = await workspace.start('S1');
  await workspace.until('S1', ({ status }) => status.ready);
  await server.stop();
  return workspace.dataOf('S1');
}

/** Why the server does not start with its directory and that `cluster.yaml`. */
async function refusal(cluster: string): Promise<string> {
  const error: unknown = await workspace.start('S1', { cluster: readCluster(cluster, { file: 'cluster.yaml' }) }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataDirectoryError);
  expect(exitCodeOf(error)).toBe(3);
  return (error as Error).message.replaceAll(workspace.directory, '…');
}

/** `cluster.yaml` on the addresses of the workspace. */
function yaml(ledger: string): string {
  return `cluster: test\nservers: [{ id: S1, address: '${workspace.addressOf('S1')}' }]\nledger: ${ledger}`;
}

test.each([
  ['{ initial: 50 }', 'account S1 holding 100 at first, not 50'],
  ['{ accounts: [{ id: a, home: S1 }] }', 'an account S1, which is gone'],
  ['{ accounts: [{ id: S1, home: S1 }, { id: a, home: S1 }] }', 'no account a'],
])('a store that was made with other accounts than %s is refused', async (ledger, why) => {
  await used();
  expect(await refusal(yaml(ledger))).toBe(`the store in …/data/S1/store was made with ${why}`);
});

test('a store that was made with other servers is refused', async () => {
  await used();
  const two = `cluster: test\nservers: [{ id: S1, address: '${workspace.addressOf('S1')}' }, { id: S2, address: 'a:1' }]`;
  const accounts = '\nledger: { accounts: [{ id: S1, home: S1 }] }';
  expect(await refusal(two + accounts)).toBe('the store in …/data/S1/store was made with servers S1, not S1, S2');
});

test('a store that another process has open is refused', async () => {
  const server = workspace.spawn('S1');
  await server.logged('server-started');
  const other = workspace.run(
    ...['--config', workspace.configFile, '--id', 'S1', '--data', workspace.dataOf('S1'), '--listen', '127.0.0.1:0'],
  );
  expect(await other.exit).toEqual({ code: 3, signal: null });
  expect(other.stderr).toMatch(/^synod-paxos-server: the store in .*store is locked: .*\n$/);
  expect(server.log.filter(({ kind }) => kind === 'fatal')).toEqual([]);
});

test('other addresses are no other configuration', async () => {
  const directory = await used();
  await cp(directory, workspace.dataOf('moved'), { recursive: true });
  const cluster = readCluster("cluster: test\nservers: [{ id: S1, address: 'elsewhere:1' }]", { file: 'cluster.yaml' });
  const server = await workspace.start('S1', {
    cluster,
    listen: '127.0.0.1:0',
    dataDirectory: workspace.dataOf('moved'),
  });
  expect(server.address).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
});
