import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { freeAddresses } from './testing/free-ports.js';
import { Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make(3);
});
afterEach(() => workspace.close());

test('the admin address shows metrics to Prometheus, and whether the server takes part', async () => {
  const [admin] = await freeAddresses(1);
  const servers = workspace.cluster.servers.map((server) => (server.id === 'S1' ? { ...server, admin } : server));
  const cluster = { ...workspace.cluster, servers };
  await workspace.start('S1', { cluster });
  const get = (path: string, method = 'GET'): Promise<Response> => fetch(`http://${admin}${path}`, { method });
  expect((await get('/health')).status).toBe(503); // no other server knows it yet

  await Promise.all(['S2', 'S3'].map((id) => workspace.start(id)));
  await workspace.untilUp('S1', 'S2', 'S3');
  const health = await get('/health');
  expect([health.status, await health.text()]).toEqual([200, 'ready\n']);

  await workspace.transfer('S1', 'S2', 10n);
  const metrics = await get('/metrics');
  expect(metrics.headers.get('content-type')).toContain('text/plain');
  expect(await metrics.text()).toContain('synod_requests_total{status="local",server="S1"} 1\n');
  expect((await get('/')).status).toBe(404);
  expect((await get('/metrics', 'POST')).status).toBe(404);
});
