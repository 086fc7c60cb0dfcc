import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { defaultCluster, writeCluster } from '@synod/cluster';
import { setUp, type RunOptions } from './run-setup.js';

const before = process.cwd();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synod-setup-'));
  process.chdir(folder);
});
afterEach(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true, force: true });
});

const nothing: RunOptions = { servers: undefined, config: undefined, initial: undefined, data: undefined };
const csv = '1,"(S1, S3, 45)","[S1, S2, S3]"\n';

describe('the transaction file', () => {
  test('is the one that is given', async () => {
    await writeFile('given.csv', csv);
    await writeFile('test.csv', 'something else');
    const { source, file } = await setUp('given.csv', nothing);
    expect(source).toBe('given.csv');
    expect(file.sets).toHaveLength(1);
  });

  test('is test.csv of the current folder, if none is given', async () => {
    await writeFile('test.csv', csv);
    expect((await setUp(undefined, nothing)).source).toBe('test.csv');
  });

  test('is the bundled example otherwise', async () => {
    const { source, file } = await setUp(undefined, nothing);
    expect(source).toMatch(/example\/transactions\.csv$/);
    expect(file.sets.length).toBeGreaterThan(1);
  });

  test.each([
    ['none.csv', 'none.csv: there is no such file; a transaction file (CSV) is needed'],
    ['sub', 'sub: it is a folder; a transaction file (CSV) is needed'],
    ['sub/x.csv/y', 'sub/x.csv/y: ENOTDIR; a transaction file (CSV) is needed'],
  ])('%s is refused', async (given, message) => {
    await mkdir('sub');
    await writeFile('sub/x.csv', '');
    await expect(setUp(given, nothing)).rejects.toMatchObject({ code: 'invalid_argument', message });
  });

  test('every problem is told with its line', async () => {
    await writeFile('bad.csv', '1,"(S1, S9, 45)","[S1, S2, S3]"\n,"(S1, S2, 0)",\n');
    await expect(setUp('bad.csv', nothing)).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(/line 1.*"S9"[\s\S]*line 2.*"0"/),
    });
  });
});

describe('the cluster', () => {
  test('is five servers with 100 each, on ports of their own', async () => {
    const { cluster, data } = await setUp(undefined, nothing);
    expect(cluster.servers.map(({ id }) => id)).toEqual(['S1', 'S2', 'S3', 'S4', 'S5']);
    expect(cluster.ledger.accounts.map(({ initial }) => initial)).toEqual([100n, 100n, 100n, 100n, 100n]);
    expect(new Set(cluster.servers.map(({ address }) => address)).size).toBe(5);
    expect(data).toBeUndefined();
  });

  test('has as many servers, and as much money, as asked for', async () => {
    await writeFile('test.csv', csv);
    const { cluster } = await setUp(undefined, { ...nothing, servers: 3, initial: 7n });
    expect(cluster.ledger.accounts.map(({ id, initial }) => `${id} ${initial}`)).toEqual(['S1 7', 'S2 7', 'S3 7']);
  });

  test('is what --config says, ports included; names of the file are its accounts', async () => {
    await writeFile(
      'cluster.yaml',
      `cluster: bank
servers: [{ id: north, address: localhost:7001 }, { id: south, address: localhost:7002 }]
ledger: { accounts: [{ id: alice, home: north }, { id: bob, home: north, initial: 5 }] }
`,
    );
    await writeFile('test.csv', '1,"(alice, bob, 45)","[north]"\n');
    const { cluster, file } = await setUp(undefined, { ...nothing, config: 'cluster.yaml' });
    expect(cluster.servers.map(({ address }) => address)).toEqual(['localhost:7001', 'localhost:7002']);
    expect(file.sets[0]!.transfers[0]).toMatchObject({ from: 'alice', to: 'bob' });
  });

  test.each([{ servers: 3 }, { initial: 5n }])('--config leaves no room for %p', async (more) => {
    await expect(setUp(undefined, { ...nothing, config: 'cluster.yaml', ...more })).rejects.toMatchObject({
      code: 'config',
      message: '--config names the servers and balances: leave out --servers and --initial',
    });
  });

  test.each([0, 100])('%i servers are refused', async (servers) => {
    await expect(setUp(undefined, { ...nothing, servers })).rejects.toMatchObject({ code: 'config' });
  });
});

describe('on data of an earlier run', () => {
  const remembered = defaultCluster(3, { addresses: ['a:1', 'a:2', 'a:3'], initial: 20n, id: 'earlier' });
  const options: RunOptions = { ...nothing, data: 'data' };
  beforeEach(async () => {
    await mkdir('data');
    await writeFile('data/cluster.yaml', writeCluster(remembered));
    await writeFile('test.csv', csv);
  });

  test('the cluster is the one of that run, on new ports', async () => {
    const { cluster, data } = await setUp(undefined, options);
    expect(data).toBe(join(process.cwd(), 'data'));
    expect(cluster).toMatchObject({ id: 'earlier', ledger: remembered.ledger });
    expect(cluster.servers.map(({ address }) => address)).not.toContain('a:1');
  });

  test('flags that say the same are welcome', async () => {
    await expect(setUp(undefined, { ...options, servers: 3, initial: 20n })).resolves.toBeDefined();
  });

  test.each([
    [{ servers: 5 }, /^--servers 5: .*data holds a cluster of 3 servers$/],
    [{ initial: 100n }, /^--initial 100: .*data holds a cluster that began with 20$/],
  ])('flags that say otherwise are refused: %p', async (more, message) => {
    await expect(setUp(undefined, { ...options, ...more })).rejects.toMatchObject({
      code: 'config',
      message: expect.stringMatching(message),
    });
  });

  test('a folder without a cluster begins a new one', async () => {
    const { cluster } = await setUp(undefined, { ...options, data: 'elsewhere' });
    expect(cluster.servers).toHaveLength(5);
  });
});
