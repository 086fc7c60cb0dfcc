import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCluster } from '@synod/cluster';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DataDirectoryError, exitCodeOf } from './exit-codes.js';
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

/** Why the server does not start with that directory; there is a second server in every cluster that is tried. */
async function refusal(cluster: string, id = 'S1'): Promise<string> {
  const options = { cluster: readCluster(cluster, { file: 'cluster.yaml' }), dataDirectory: workspace.dataOf('S1') };
  const error: unknown = await workspace.start(id, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataDirectoryError);
  expect(exitCodeOf(error)).toBe(3);
  return (error as Error).message.replaceAll(workspace.directory, '…');
}

/** `cluster.yaml` on the addresses of the workspace. */
function yaml({ cluster = 'test', id = 'S1', more = '' }): string {
  return `cluster: ${cluster}\nservers: [{ id: ${id}, address: '${workspace.addressOf('S1')}' }]\n${more}`;
}

test.each([
  [{ cluster: 'other' }, 'S1', 'belongs to cluster "test", not "other"'],
  [{ id: 'S7' }, 'S7', 'belongs to node "S1", not "S7"'],
  [{ more: 'ledger: { initial: 50 }' }, 'S1', 'was made with account S1 holding 100 at first, not 50'],
  [{ more: 'ledger: { accounts: [{ id: a, home: S1 }] }' }, 'S1', 'was made with an account S1, which is gone'],
  [{ more: 'ledger: { accounts: [{ id: S1, home: S1 }, { id: a, home: S1 }] }' }, 'S1', 'was made with no account a'],
])('a store of another cluster, server or configuration is refused: %j', async (change, id, why) => {
  await used();
  expect(await refusal(yaml(change), id)).toBe(`the store in …/data/S1/store ${why}`);
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

test('a damaged store is refused', async () => {
  const directory = await used();
  const store = join(directory, 'store');
  await rm(join(store, 'CURRENT'));
  expect(await refusal(yaml({}))).toBe('the store in …/data/S1/store has lost its CURRENT file');
});

test('a data directory that is a file is refused', async () => {
  const directory = await used();
  await rm(directory, { recursive: true });
  await writeFile(directory, 'a file');
  expect(await refusal(yaml({}))).toMatch(/^cannot open the store in …\/data\/S1\/store: /);
});

test('a refused directory holds what it held', async () => {
  const directory = await used();
  const log = await readFile(join(directory, 'server.log'), 'utf8');
  await refusal(yaml({ cluster: 'other' }));
  expect(await readFile(join(directory, 'server.log'), 'utf8')).toBe(log);
  expect(await readdir(directory)).toEqual(['server.log', 'store']);
  await workspace.start('S1');
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
