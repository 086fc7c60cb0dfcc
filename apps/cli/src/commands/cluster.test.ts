import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defaultCluster, freePorts, type Cluster } from '@synod/cluster';
import { startPaxosServer, type PaxosServer, type PaxosServerOptions } from '@synod/paxos-server';
import { LedgerConnection } from '@synod/transport/client';
import { exitCodes } from '../exit-codes.js';
import { RegisterServers } from '../testing/register-servers.js';
import { runMain } from '../testing/run-main.js';

async function freeAddress(): Promise<string> {
  const [port] = await freePorts(1);
  return `127.0.0.1:${port}`;
}

describe('a server of registers', () => {
  let servers: RegisterServers;
  beforeAll(async () => {
    servers = await RegisterServers.start({ tokens: ['101'] });
  });
  afterAll(() => servers.close());

  test('is replaced, and once more with the same answer', async () => {
    await servers.stop('S3');
    const address = await freeAddress();
    await servers.start('S3', { dataDirectory: join(servers.folder, 'S3-new'), listen: address, replacement: true });
    const { code, stdout, stderr } = await runMain('cluster', 'replace', 'S3', address);
    expect({ code, stderr }).toEqual({ code: exitCodes.done, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^S3 is at ${address}, on disk [0-9a-f]{16}; it takes part\n$`));
    const again = await runMain('cluster', 'replace', 'S3', address, '--json', '--connect', servers.addressOf('S1'));
    expect(JSON.parse(again.stdout)).toEqual({
      server: 'S3',
      address,
      disk: expect.stringMatching(/^[0-9a-f]{16}$/),
      by: { type: 'configuration', version: 1 },
      takesPart: true,
    });
    const written = await runMain('put', 'pair', 'x', ...servers.at('S2'));
    expect(written.code).toBe(exitCodes.done); // S3 is one of its two replicas
  });

  test.each([
    ['by one that runs under another name', 'S2', 'is S1 of cluster test, not S2: start the new server as S2'],
    ['if there is none of that name', 'S9', 'cluster test has no S9: write S1, S2, S3'],
    [
      'by one that was not started for it, such as itself',
      'S1',
      'S1 does not wait for a place there: start it on an empty data directory, with --replacement',
    ],
  ])('is not replaced %s', async (_, server, why) => {
    const address = servers.addressOf('S1');
    expect(await runMain('cluster', 'replace', server, address)).toEqual({
      code: exitCodes.usage,
      stdout: '',
      stderr: `synod: ${address}: ${why}\n`,
    });
  });
});

describe('a server of the ledger', () => {
  let folder: string;
  let cluster: Cluster;
  const running = new Map<string, PaxosServer>();
  async function start(id: string, options: Partial<PaxosServerOptions> = {}): Promise<void> {
    const dataDirectory = join(folder, id);
    running.set(id, await startPaxosServer({ cluster, id, dataDirectory, ...options }));
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'synod-replace-'));
    const addresses = (await freePorts(3)).map((port) => `127.0.0.1:${port}`);
    cluster = defaultCluster(3, { addresses });
    await Promise.all(cluster.servers.map(({ id }) => start(id)));
    await Promise.all(addresses.map(untilReady));
  });
  afterAll(async () => {
    await Promise.all([...running.values()].map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  async function untilReady(address: string): Promise<void> {
    const calls = new LedgerConnection(address);
    try {
      for await (const { status } of calls.watchStatus()) if (status.ready) return;
    } finally {
      calls.close();
    }
  }

  test('is not replaced while it still runs', async () => {
    const [address, dataDirectory] = [await freeAddress(), join(folder, 'S3-early')];
    const early = { cluster, id: 'S3', dataDirectory, listen: address, replacement: true };
    running.set('early', await startPaxosServer(early));
    const former = cluster.servers[2]!.address;
    expect(await runMain('cluster', 'replace', 'S3', address)).toEqual({
      code: exitCodes.usage,
      stdout: '',
      stderr: `synod: S3 still runs at ${former}: stop it first, for good\n`,
    });
  });

  test('is replaced by a block; what is lost is said', async () => {
    await running.get('S3')!.stop();
    const address = await freeAddress();
    await start('S3', { dataDirectory: join(folder, 'S3-new'), listen: address, replacement: true });
    const { code, stdout } = await runMain('cluster', 'replace', 'S3', address);
    expect(code).toBe(exitCodes.done);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^S3 is at ${address} since block 1, on disk [0-9a-f]{16}; it takes part$`)),
      'of the former disk, none of its transfers is in a block; what it answered beyond, what waited there and what it refused is lost',
      '',
    ]);
  });
});

test('what is no address is refused before anybody is asked', async () => {
  expect(await runMain('cluster', 'replace', 'S3', 'nowhere')).toEqual({
    code: exitCodes.usage,
    stdout: '',
    stderr: 'synod: "nowhere" is not host:port, for example 127.0.0.1:7001\n',
  });
});

test('if the new server does not run, that is said', async () => {
  const { code, stderr } = await runMain('cluster', 'replace', 'S3', await freeAddress());
  expect(code).toBe(exitCodes.unreachable);
  expect(stderr).toMatch(/^synod: .*\n$/);
});
