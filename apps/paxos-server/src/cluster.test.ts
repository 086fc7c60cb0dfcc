import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { freeAddresses } from '@synod/server/testing';
import type { WatchedEvent } from '@synod/transport/client';
import { brief, Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make(3);
});
afterEach(() => workspace.close());

async function startAll(): Promise<void> {
  await Promise.all(['S1', 'S2', 'S3'].map((id) => workspace.start(id)));
  await workspace.untilUp('S1', 'S2', 'S3');
}

function show({ event: { level, kind, fields } }: WatchedEvent): string {
  return `${level} ${kind} ${fields['status'] ?? ''}`.trim();
}

test('transfers that are covered are executed locally, without a block', async () => {
  await startAll();
  expect(brief(await workspace.transfer('S1', 'S2', 60n))).toBe('S1-S2-60 local 1');
  expect(brief(await workspace.transfer('S1', 'S3', 40n))).toBe('S1-S3-40 local 2');
  const { status, own } = await workspace.ledger('S1').status();
  expect(status).toMatchObject({ height: 0, logLength: 2, connected: ['S2', 'S3'] });
  expect(own).toEqual([{ account: 'S1', home: 'S1', committed: 100n, spendable: 0n, pending: 0 }]);
});

test('a short server leads a round whose block all servers append', async () => {
  await startAll();
  await workspace.transfer('S1', 'S2', 60n);
  expect(brief(await workspace.transfer('S2', 'S3', 150n))).toBe('S2-S3-150 consensus 1');
  for (const id of ['S1', 'S2', 'S3']) await workspace.until(id, ({ status }) => status.height === 1);
  const maps = await Promise.all(['S1', 'S2', 'S3'].map((id) => workspace.ledger(id).balanceMap()));
  for (const { balances } of maps) {
    expect(balances.map(({ committed }) => committed)).toEqual([40n, 160n, 100n]);
  }
});

test('a transfer that stays short is pending, and is executed when the money comes', async () => {
  await startAll();
  expect(brief(await workspace.transfer('S1', 'S2', 130n))).toBe('S1-S2-130 pending 0');
  expect(brief(await workspace.transfer('S3', 'S1', 50n))).toBe('S3-S1-50 local 1');
  const { own } = await workspace.until('S1', ({ status }) => status.pending === 0);
  expect(own).toMatchObject([{ committed: 150n, spendable: 20n }]);
  expect(brief(await workspace.transfer('S1', 'S2', 130n))).toBe('S1-S2-130 consensus 1');
});

test('with `reject` a transfer that stays short is refused, and says why', async () => {
  await startAll();
  const outcome = await workspace.transfer('S1', 'S2', 130n, { short: 'reject' });
  expect(outcome).toMatchObject({ status: 'rejected', reason: 'insufficient funds: S1 holds 100, 130 needed' });
});

test('a server that was away catches up when it returns', async () => {
  const [, , third] = await Promise.all(['S1', 'S2', 'S3'].map((id) => workspace.start(id)));
  await workspace.untilUp('S1', 'S2', 'S3');
  await third!.stop();
  await workspace.transfer('S1', 'S2', 60n, { durability: 'committed' });
  await workspace.transfer('S2', 'S1', 160n, { durability: 'committed' });
  const { hash, height } = (await workspace.ledger('S2').status()).status;
  expect(height).toBeGreaterThan(0);

  await workspace.start('S3');
  const caughtUp = await workspace.until('S3', ({ status }) => status.height === height && !status.catchingUp);
  expect(caughtUp.status.hash).toBe(hash);
});

test('who watches events sees those from before, then each as it happens, transfers executed locally included', async () => {
  await startAll();
  const events = workspace.node('S2').watchEvents({ last: 1000 });
  const first = (await events.next()).value as WatchedEvent;
  expect(first).toMatchObject({ event: { sequence: 1, server: 'S2' }, missed: 0 });

  await workspace.transfer('S2', 'S3', 10n);
  await workspace.transfer('S2', 'S3', 95n);
  const seen = [show(first)];
  for await (const watched of events) {
    seen.push(show(watched));
    if (watched.event.kind === 'round-ended') break;
  }
  expect(seen).toEqual(
    expect.arrayContaining([
      'info server-started',
      'info link-up',
      'info server-ready',
      'debug transfer-decided local',
    ]),
  );
  const round = ['info round-started', 'info block-committed', 'info transfer-decided pending', 'info round-ended'];
  expect(seen.slice(-4)).toEqual(round);
});

test('what a server measured of itself: transfers one by one, calls, writes', async () => {
  await startAll();
  for (const amount of [1n, 2n, 3n]) await workspace.transfer('S1', 'S2', amount);
  const report = await workspace.node('S1').performance({ recent: 2 });
  expect(report.requests.count).toBe(3);
  expect(report.requests.recent.map(({ id, status }) => `${id} ${status}`)).toEqual(['S1-S2-2 local', 'S1-S2-3 local']);
  expect(report.writes.count).toBeGreaterThan(2);
  const transfers = report.methods.find(({ method }) => method === 'synod.ledger.v1.LedgerService/Transfer');
  expect(transfers).toMatchObject({ count: 3, failed: 0 });
});

test('the admin address says who takes part, and shows the transfers to Prometheus', async () => {
  const [admin] = await freeAddresses(1);
  const servers = workspace.cluster.servers.map((server) => (server.id === 'S1' ? { ...server, admin } : server));
  await workspace.start('S1', { cluster: { ...workspace.cluster, servers } });
  expect((await fetch(`http://${admin}/health`)).status).toBe(503); // no other server knows it yet

  await Promise.all(['S2', 'S3'].map((id) => workspace.start(id)));
  await workspace.untilUp('S1', 'S2', 'S3');
  expect((await fetch(`http://${admin}/health`)).status).toBe(200);

  await workspace.transfer('S1', 'S2', 10n);
  const metrics = await (await fetch(`http://${admin}/metrics`)).text();
  expect(metrics).toContain('synod_requests_total{status="local",server="S1"} 1\n');
});

test('the admin service cuts links and restores them, and names a peer that does not exist', async () => {
  await startAll();
  const admin = workspace.admin('S1');
  await admin.disconnect(['S3']);
  await workspace.until('S1', ({ status }) => status.connected.join() === 'S2');
  await expect(admin.disconnect(['S9'])).rejects.toMatchObject({ code: 'unknown_server' });
  await expect(admin.connect(['S9'])).rejects.toMatchObject({ code: 'unknown_server' });
  await admin.setLinks([]);
  await workspace.until('S1', ({ status }) => status.connected.length === 0);
  await admin.connect(['S3']);
  await workspace.until('S1', ({ status }) => status.connected.join() === 'S3');
  await admin.setLinks(undefined);
  await workspace.untilUp('S1', 'S2', 'S3');
  await expect(admin.setFaults({ dropTo: ['S2'], dropFrom: [] })).rejects.toMatchObject({ code: 'refused' });
});

test('the admin service stops the server', async () => {
  const server = await workspace.start('S1', { links: 'none' });
  await workspace.admin('S1').shutdown();
  expect(await server.ended).toBeUndefined();
});

test('without links a server starts unlinked, until it is told otherwise', async () => {
  const [, , third] = await Promise.all(['S1', 'S2', 'S3'].map((id) => workspace.start(id)));
  await workspace.untilUp('S1', 'S2', 'S3');
  await third!.stop();
  await workspace.start('S3', { links: 'none' });
  await workspace.transfer('S1', 'S2', 10n, { durability: 'committed' });
  expect((await workspace.ledger('S3').status()).status).toMatchObject({ connected: [], height: 0 });
  await workspace.admin('S3').setLinks(undefined);
  await workspace.untilUp('S1', 'S2', 'S3');
});

test('who stopped by failing says why, refuses everybody, and closes without complaint', async () => {
  const server = await workspace.start('S1');
  const reason = new Error('an error nobody caught');
  server.fail(reason);
  server.fail(new Error('only the first counts'));
  expect(await server.ended).toBe(reason);
  await server.stop();
  await expect(workspace.ledger('S1').status()).rejects.toMatchObject({ code: 'unavailable' });
});
