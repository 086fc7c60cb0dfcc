import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Counters } from '../testing/counters.js';

let counters: Counters;
beforeEach(async () => {
  counters = await Counters.make(1, { admin: true });
});
afterEach(() => counters.close());

const get = (path: string, method = 'GET'): Promise<Response> =>
  fetch(`http://${counters.cluster.servers[0]!.admin}${path}`, { method });

test('the admin address shows metrics to Prometheus, and nothing that is not asked of it', async () => {
  const { counter } = await counters.start('S1');
  await counter.add(1);
  const metrics = await get('/metrics');
  expect(metrics.headers.get('content-type')).toContain('text/plain');
  expect(await metrics.text()).toMatch(/^synod_writes_total\{server="S1"\} 1$/m);
  expect((await get('/')).status).toBe(404);
  expect((await get('/metrics', 'POST')).status).toBe(404);
});

test('the server is healthy when its application says that it takes part', async () => {
  let answer = (): Promise<boolean> => Promise.resolve(false);
  await counters.start('S1', {}, (counter) => (counter.ready = () => answer()));
  expect((await get('/health')).status).toBe(503);
  answer = () => Promise.reject(new Error('it is starting'));
  expect((await get('/health')).status).toBe(503);
  answer = () => Promise.resolve(true);
  const health = await get('/health');
  expect([health.status, await health.text()]).toEqual([200, 'ready\n']);
});
