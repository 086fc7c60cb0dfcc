import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DataDirectoryError } from '@synod/server';
import { startServer } from '@synod/server';
import { Counter } from '@synod/server/testing';
import { loadRegisterConfig, type RegisterConfig } from '@synod/tokens';
import type { RegisterServerOptions } from './index.js';
import { abc, Workspace } from './testing/workspace.js';

let workspace: Workspace;
let config: RegisterConfig;
beforeEach(async () => {
  workspace = await Workspace.make();
  config = await loadRegisterConfig(workspace.configFile);
});
afterEach(() => workspace.close());

/** Leaves data directories behind in which a register and a token were written. */
async function used(): Promise<void> {
  const servers = await Promise.all(workspace.ids.map((id) => workspace.start(id)));
  await workspace.untilUp(...workspace.ids);
  await workspace.at('S1').registers.write('config/colour', Buffer.from('blue'));
  await workspace.at('S1').tokens.write({ id: '101', ...abc });
  await Promise.all(servers.map((server) => server.stop()));
}

/** Why S1 does not start with its directory and those options. */
async function refusal(options: Partial<RegisterServerOptions>): Promise<string> {
  const error: unknown = await workspace.start('S1', options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataDirectoryError);
  return (error as Error).message.replaceAll(workspace.directory, '…');
}

test('the store of another node, or of another cluster, is refused', async () => {
  await used();
  expect(await refusal({ dataDirectory: workspace.dataOf('S2') })).toBe(
    'the store in …/data/S2/store belongs to node "S2", not "S1"',
  );
  expect(await refusal({ config: { ...config, id: 'other' } })).toBe(
    'the store in …/data/S1/store belongs to cluster "test", not "other"',
  );
});

test('the store of another application is refused', async () => {
  const own = { cluster: config, id: 'S1', dataDirectory: workspace.dataOf('S1') };
  const counter = await startServer(own, (instruments) => new Counter(instruments, ['S1']));
  await counter.stop();
  expect(await refusal({})).toMatch(/^the store in …\/data\/S1\/store .*counter-1/);
});

test.each<[string, (config: RegisterConfig) => RegisterConfig, string]>([
  [
    'another writer of a pattern',
    (config) => ({ ...config, registers: config.registers.map((one) => ({ ...one, writer: 'S2' })) }),
    'key "config/colour" has writer S2, replicas S1 S2 S3, but was stored with writer S1, replicas S1 S2 S3',
  ],
  [
    'a pattern that is gone',
    (config) => ({ ...config, registers: [] }),
    'key "config/colour" has no replica set, but was stored with writer S1, replicas S1 S2 S3',
  ],
  [
    'a reader of a token that is gone',
    (config) => ({ ...config, tokens: config.tokens.map((one) => ({ ...one, replicas: ['S1', 'S2'] })) }),
    'key "token/101" has writer S1, replicas S1 S2, but was stored with writer S1, replicas S1 S2 S3',
  ],
])('a replica set that changed is refused, naming the key: %s', async (_, change, why) => {
  await used();
  expect(await refusal({ config: change(config) })).toBe(
    `the store in …/data/S1/store was made with another configuration: ${why}`,
  );
});

test('the command says so in one line, with code 3', async () => {
  await used();
  const addresses = workspace.cluster.servers.map(({ address }) => address);
  await writeFile(join(workspace.directory, 'tokens.yaml'), `- { token: 101, writer: "${addresses[0]}", readers: [] }`);
  const server = workspace.spawn('S1');
  expect(await server.exit).toEqual({ code: 3, signal: null });
  expect(server.stderr).toMatch(/^synod-register-server: the store in .* key "token\/101" has writer S1, .*\n$/);
  expect(server.log).toEqual([]);
});

test('other addresses, another node beside, and keys that nobody wrote are no other configuration', async () => {
  await used();
  const [s1, ...others] = config.servers;
  const moved = { ...s1!, address: 'elsewhere:1' };
  const servers = [moved, ...others, { id: 'S4', address: 'a:1', admin: undefined }];
  const registers = config.registers.filter(({ key }) => key !== 'shared');
  const tokens = config.tokens.filter(({ id }) => id !== '102');
  const listen = workspace.addressOf('S1');
  await workspace.start('S1', { config: { ...config, servers, registers, tokens }, listen });
  expect((await workspace.until('S1', () => true)).cells).toBe(2);
});

test.each<[string, (config: RegisterConfig) => Partial<RegisterServerOptions>]>([
  [
    'another replica set',
    (config) => ({ config: { ...config, registers: [{ key: 'shared', writer: 'any', replicas: ['S1', 'S2'] }] } }),
  ],
  ['another range bound', () => ({ maxRange: 5n })],
])('nodes that differ refuse to talk, and say so: %s', async (_, differ) => {
  await workspace.start('S1');
  await workspace.start('S2', differ(config));
  const refused = new Set<string>();
  await Promise.all(
    ['S1', 'S2'].map(async (id) => {
      await workspace.until(id, () => true);
      for await (const { event } of workspace.at(id).node.watchEvents({ last: 100 })) {
        if (event.kind !== 'link-refused' || event.fields['peer'] === 'S3') continue;
        expect(event.message).toMatch(/refuses this node: .*configuration/);
        refused.add(id);
        return;
      }
    }),
  );
  expect([...refused].sort()).toEqual(['S1', 'S2']);
  expect((await workspace.at('S1').registers.status()).peers.map(({ linked }) => linked)).toEqual([false, false]);
});

test('a directory without a store but with peers that remember it is copied anew, and told', async () => {
  const servers = await Promise.all(workspace.ids.map((id) => workspace.start(id)));
  await workspace.untilUp(...workspace.ids);
  await workspace.at('S1').registers.write('config/colour', Buffer.from('blue'));
  await workspace.at('S1').registers.write('config/size', Buffer.from('10'));
  await servers[2]!.stop();
  await workspace.start('S3', { dataDirectory: join(workspace.directory, 'empty') });
  await workspace.untilUp(...workspace.ids);
  expect(await workspace.keysAt('S3')).toEqual(['config/colour', 'config/size']);
  const kinds: string[] = [];
  for await (const { event } of workspace.at('S3').node.watchEvents({ last: 100 })) {
    kinds.push(event.kind);
    if (event.kind === 'server-ready') break;
  }
  expect(kinds.filter((kind) => !kind.startsWith('link-') && kind !== 'server-started')).toEqual([
    'recovery-started',
    'recovery-finished',
    'server-ready',
  ]);
});
