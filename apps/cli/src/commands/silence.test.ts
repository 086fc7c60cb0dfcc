import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { defaultCluster, freePorts } from '@synod/cluster';
import { startPaxosServer, type PaxosServer } from '@synod/paxos-server';
import { RegisterConnection } from '@synod/transport/client';
import { join } from 'node:path';
import { exitCodes } from '../exit-codes.js';
import { RegisterServers } from '../testing/register-servers.js';
import { runMain } from '../testing/run-main.js';

let servers: RegisterServers;
beforeAll(async () => {
  servers = await RegisterServers.start({ tokens: ['101'] });
});
afterAll(() => servers.close());
afterEach(() => runMain('unsilence', ...servers.at('S1')));

/** What a server says that it is silent about. */
async function silences(id: string): Promise<object> {
  const calls = new RegisterConnection(servers.addressOf(id));
  try {
    return (await calls.status()).silences;
  } finally {
    calls.close();
  }
}

test.each<[string[], string, object]>([
  [[], 'about everything, now', { key: undefined, phase: undefined, active: true }],
  [['--token', '101'], 'about token 101, now', { key: 'token/101', phase: undefined, active: true }],
  [
    ['--key', 'any/a', '--phase', 'read'],
    'about register any/a in the read phase, now',
    { key: 'any/a', phase: 'read', active: true },
  ],
  [
    ['--phase', 'write', '--after', '3600'],
    'about everything in the write phase, in 3600 s',
    { key: undefined, phase: 'write', active: false },
  ],
])('silence %j silences the server, unsilence lifts it', async (flags, words, silence) => {
  const server = `server ${servers.addressOf('S1')}`;
  expect(await runMain('silence', ...flags, ...servers.at('S1'))).toEqual({
    code: exitCodes.done,
    stdout: `${server} silent ${words}\n`,
    stderr: '',
  });
  expect(await silences('S1')).toEqual([silence]);
  const subject = flags.filter((_, i) => flags[i & ~1] === '--token' || flags[i & ~1] === '--key');
  const lifted = await runMain('unsilence', ...subject, ...servers.at('S1'));
  expect(lifted.stdout).toBe(`${server} silence ${words.replace(/( in the .*)?, .*/, '')} lifted\n`);
  expect(await silences('S1')).toEqual([]);
});

test('--json answers one object', async () => {
  const server = servers.addressOf('S1');
  const json = async (...command: string[]) =>
    JSON.parse((await runMain(...command, '--json', ...servers.at('S1'))).stdout) as unknown;
  expect(await json('silence', '--token', '101', '--phase', 'read', '--after', '0.5')).toEqual({
    server,
    token: '101',
    phase: 'read',
    afterMs: 500,
  });
  expect(await json('silence')).toEqual({ server, afterMs: 0 });
  expect(await json('unsilence', '--key', 'any/a')).toEqual({ server, key: 'any/a' });
  expect(await json('unsilence')).toEqual({ server });
});

test('where faults are not allowed it is refused, with the reason', async () => {
  const refused = {
    code: exitCodes.refused,
    stdout: '',
    stderr: 'synod: this server was started without --allow-faults\n',
  };
  expect(await runMain('silence', ...servers.at('S3'))).toEqual(refused);
  expect(await runMain('unsilence', ...servers.at('S3'))).toEqual(refused);
});

test.each([
  [['--token', 'none'], 'no token "none" is configured'],
  [['--key', 'none'], 'no register "none" is configured'],
])('about %j it is refused', async (flags, message) => {
  expect(await runMain('silence', ...flags, ...servers.at('S1'))).toEqual({
    code: exitCodes.refused,
    stdout: '',
    stderr: `synod: ${message}\n`,
  });
});

describe('a server of the ledger', () => {
  let ledger: PaxosServer;
  let at: string[];
  beforeAll(async () => {
    const [port] = await freePorts(1);
    const cluster = defaultCluster(1, { addresses: [`127.0.0.1:${port}`] });
    ledger = await startPaxosServer({
      cluster,
      id: 'S1',
      dataDirectory: join(servers.folder, 'ledger'),
      allowFaults: true,
    });
    at = ['--host', '127.0.0.1', '--port', String(port)];
  });
  afterAll(() => ledger.stop());

  test('is silent as a whole', async () => {
    expect((await runMain('silence', ...at)).stdout).toBe(`server ${ledger.address} silent about everything, now\n`);
    expect((await runMain('unsilence', ...at)).code).toBe(exitCodes.done);
  });

  test.each([
    [['--token', '101'], 'tokens'],
    [['--key', 'a'], 'registers'],
    [['--phase', 'read'], 'phases'],
  ])('has nothing to be silent about by %j', async (flags, what) => {
    expect(await runMain('silence', ...flags, ...at)).toEqual({
      code: exitCodes.usage,
      stdout: '',
      stderr: `synod: this server has no ${what}: only all of it can be silent\n`,
    });
  });
});
