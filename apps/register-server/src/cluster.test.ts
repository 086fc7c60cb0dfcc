import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { freeAddresses } from '@synod/server/testing';
import { loadRegisterConfig } from '@synod/tokens';
import type { WatchedEvent } from '@synod/transport/client';
import { abc, abcStates, Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
});
afterEach(() => workspace.close());

const bytes = (text: string): Buffer => Buffer.from(text);

/** The first event of that kind at a node, which may have happened already. */
async function eventOf(id: string, kind: string): Promise<WatchedEvent['event']> {
  for await (const { event } of workspace.at(id).node.watchEvents({ last: 10_000 })) {
    if (event.kind === kind) return event;
  }
  throw new Error('the events ended');
}

test('what is written at one node is read at all', async () => {
  await workspace.startAll();
  const tag = await workspace.at('S1').registers.write('config/colour', bytes('blue'));
  for (const id of workspace.ids) {
    expect(await workspace.at(id).registers.read('config/colour')).toEqual({ value: bytes('blue'), tag });
  }
  expect(await workspace.at('S2').registers.read('config/never')).toEqual({ value: undefined, tag: undefined });
});

test('where any may write, each node does; a deletion is a tombstone', async () => {
  await workspace.startAll();
  for (const id of workspace.ids) await workspace.at(id).registers.write('shared', bytes(id));
  expect((await workspace.at('S1').registers.read('shared')).value).toEqual(bytes('S3'));
  const tag = await workspace.at('S2').registers.delete('shared');
  expect(await workspace.at('S3').registers.read('shared')).toEqual({ value: undefined, tag });
});

test('a token is written at its writer, and read, with the final state, wherever it is held', async () => {
  await workspace.startAll();
  const { partial, tag } = await workspace.at('S1').tokens.write({ id: '101', ...abc });
  expect(partial).toEqual(abcStates.partial);
  for (const id of workspace.ids) {
    expect(await workspace.at(id).tokens.read('101')).toEqual({ token: { id: '101', ...abc, ...abcStates }, tag });
  }
});

test('a dropped token is gone until it is created, and then was never written', async () => {
  await workspace.startAll();
  const { tokens } = workspace.at('S1');
  await tokens.write({ id: '101', ...abc });
  await tokens.drop('101');
  await expect(workspace.at('S2').tokens.read('101')).rejects.toMatchObject({ code: 'dropped' });
  await tokens.create('101');
  await expect(workspace.at('S2').tokens.read('101')).rejects.toMatchObject({ code: 'never_written' });
});

test('each node lists the tokens it holds, and all say the same of who may do what', async () => {
  await workspace.startAll();
  expect(await Promise.all(workspace.ids.map((id) => workspace.at(id).tokens.list()))).toEqual([
    ['101', '102'],
    ['101', '102'],
    ['101'],
  ]);
  const [layout, ...others] = await Promise.all(workspace.ids.map((id) => workspace.at(id).registers.layout()));
  expect(layout).toEqual({
    nodes: workspace.cluster.servers.map(({ id, address }) => ({ id, address })),
    registers: [
      { key: 'config/*', writer: 'S1', replicas: ['S1', 'S2', 'S3'] },
      { key: 'shared', writer: 'any', replicas: ['S1', 'S2', 'S3'] },
    ],
    tokens: [
      { id: '101', writer: 'S1', replicas: ['S1', 'S2', 'S3'] },
      { id: '102', writer: 'S2', replicas: ['S1', 'S2'] },
    ],
  });
  expect(others).toEqual([layout, layout]);
});

test('who watches a register sees its value, then what is written at another node', async () => {
  await workspace.startAll();
  const values = workspace.at('S3').registers.watch('config/colour');
  expect((await values.next()).value).toEqual({ value: undefined, tag: undefined });
  const tag = await workspace.at('S1').registers.write('config/colour', bytes('blue'));
  expect((await values.next()).value).toEqual({ value: bytes('blue'), tag });
  await values.return(undefined);
});

test('a node shares registers, and introduces itself, only to those who hold one with it', async () => {
  await workspace.close();
  workspace = await Workspace.make({
    nodes: 3,
    tokens: ([s1, s2, s3]) =>
      `[{ token: 1, writer: "${s1}", readers: ["${s2}"] }, { token: 2, writer: "${s3}", readers: [] }]`,
  });
  const config = { ...(await loadRegisterConfig(workspace.configFile)), registers: [] };
  await Promise.all(workspace.ids.map((id) => workspace.start(id, { config })));
  const reports = await Promise.all(workspace.ids.map((id) => workspace.until(id, ({ ready }) => ready)));
  expect(reports.map(({ peers }) => peers.map(({ node }) => node))).toEqual([['S2'], ['S1'], []]);
});

test('a node says when it takes part, and what it has recovered when it starts again', async () => {
  const server = await workspace.start('S1');
  const first = await eventOf('S1', 'server-started');
  expect(first).toMatchObject({ message: `serving on ${server.address}: 0 registers`, fields: { registers: '0' } });
  expect((await workspace.at('S1').registers.status()).ready).toBe(false);
  await Promise.all(['S2', 'S3'].map((id) => workspace.start(id)));
  expect(await eventOf('S1', 'server-ready')).toMatchObject({ level: 'info', fields: {} });
  await workspace.untilUp(...workspace.ids);
  await workspace.at('S1').registers.write('config/colour', bytes('blue'));
  await server.stop();

  await workspace.start('S1');
  await workspace.untilUp('S1');
  expect(await eventOf('S1', 'server-started')).toMatchObject({ fields: { registers: '1' } });
  expect(await eventOf('S1', 'server-ready')).toBeDefined();
});

test('links that come and go are reported', async () => {
  await workspace.startAll();
  const reports = workspace.at('S1').registers.watchStatus();
  expect((await reports.next()).value).toMatchObject({ peers: [{ linked: true }, { linked: true }] });
  await workspace.at('S1').admin.disconnect(['S3']);
  await workspace.until('S1', ({ peers }) => peers.some(({ node, linked }) => node === 'S3' && !linked));
  await workspace.at('S1').admin.connect(['S3']);
  await workspace.untilUp('S1');
  await reports.return(undefined);
});

test('operations of registers and tokens are measured, those on sessions too', async () => {
  await workspace.startAll();
  const { registers, tokens, node } = workspace.at('S1');
  await registers.write('config/a', bytes('1'));
  await tokens.write({ id: '101', ...abc });
  await expect(tokens.create('101')).rejects.toMatchObject({ code: 'exists' });
  const session = registers.session();
  await new Promise((resolve) => session.submit({ type: 'read', key: 'config/a' }, resolve));
  session.close();
  const { requests, methods } = await node.performance({ recent: 10 });
  expect(requests.recent.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'config/a write',
    'token/101 write',
    'token/101 exists',
    'config/a read',
  ]);
  const calls = (method: string) => methods.find((one) => one.method === method);
  expect(calls('synod.register.v1.RegisterService/Session')).toMatchObject({ count: 1, failed: 0 });
  expect(calls('synod.token.v1.TokenService/Create')).toMatchObject({ count: 1, failed: 1 });
  expect(calls('synod.peer.v1.PeerService/Ack')!.count).toBeGreaterThan(0);
});

test('the admin address says who takes part, and shows the operations to Prometheus', async () => {
  const [admin] = await freeAddresses(1);
  const config = await loadRegisterConfig(workspace.configFile);
  const servers = config.servers.map((server) => (server.id === 'S1' ? { ...server, admin } : server));
  await workspace.start('S1', { config: { ...config, servers } });
  expect((await fetch(`http://${admin}/health`)).status).toBe(503); // no other node knows it yet

  await Promise.all(['S2', 'S3'].map((id) => workspace.start(id)));
  await workspace.untilUp(...workspace.ids);
  expect((await fetch(`http://${admin}/health`)).status).toBe(200);
  await workspace.at('S1').registers.write('config/a', bytes('1'));
  const metrics = await (await fetch(`http://${admin}/metrics`)).text();
  expect(metrics).toContain('synod_requests_total{status="write",server="S1"} 1\n');
});

test('a node tells what it serves', async () => {
  await workspace.start('S1');
  expect(await workspace.at('S1').node.describe()).toMatchObject({
    cluster: 'test',
    server: 'S1',
    services: ['synod.register.v1.RegisterService', 'synod.token.v1.TokenService'],
    disk: expect.stringMatching(/^[0-9a-f]{16}$/),
    waits: false,
    since: 0,
  });
});

test('after each request for a token, all that is known of it and the ids of all tokens go to the debug log', async () => {
  await workspace.startAll();
  const events = workspace.at('S1').node.watchEvents({ last: 1 });
  await events.next(); // watched: debug events are made from now on
  const { tokens } = workspace.at('S1');
  await tokens.write({ id: '101', ...abc });
  await tokens.read('101');
  await tokens.drop('101');
  await tokens.create('101');
  await tokens.read('101').catch(() => {});
  await tokens.read('nobody').catch(() => {});
  const seen: WatchedEvent['event'][] = [];
  while (seen.length < 6) {
    const { event } = (await events.next()).value as WatchedEvent;
    if (event.kind === 'token-request') seen.push(event);
  }
  await events.return(undefined);
  const own = { id: '101', tokens: '101 102' };
  const value = { name: 'abc', domain: '[1, 5, 25)', partial: '4 (2207634929195471568)' };
  expect(seen.map(({ level, fields }) => ({ level, ...fields }))).toEqual([
    { level: 'debug', status: 'write', ...own, ...value },
    { level: 'debug', status: 'read', ...own, ...value, final: '15 (902613196918738813)' },
    { level: 'debug', status: 'drop', ...own },
    { level: 'debug', status: 'create', ...own },
    { level: 'debug', status: 'never_written', ...own },
    { level: 'debug', status: 'unknown_token', ...own, id: 'nobody' },
  ]);
});

test('who stopped by failing says why, refuses everybody, and closes without complaint', async () => {
  const server = await workspace.start('S1');
  await workspace.until('S1', () => true);
  const reason = new Error('an error nobody caught');
  server.fail(reason);
  expect(await server.ended).toBe(reason);
  await server.stop();
  await expect(workspace.at('S1').registers.read('config/a')).rejects.toMatchObject({ code: 'unavailable' });
});
