import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { NodeConnection, type WatchedEvent } from '@synod/transport/client';
import { Counters } from '../testing/counters.js';

let counters: Counters;
let node: NodeConnection;
beforeEach(async () => {
  counters = await Counters.make(2);
  node = new NodeConnection(counters.addressOf('S1'));
});
afterEach(async () => {
  node.close();
  await counters.close();
});

test('a server says who it is, who the others are, and what it serves', async () => {
  await counters.start('S1');
  expect(await node.describe()).toEqual({
    cluster: 'test',
    server: 'S1',
    servers: ['S1', 'S2'].map((id) => ({ id, address: counters.addressOf(id) })),
    services: [],
    disk: '',
    waits: false,
    since: 0,
  });
});

test('it tells what it measured of itself', async () => {
  const { counter } = await counters.start('S1');
  await counter.add(1);
  counter.instruments.metrics.decided('first', 'added', 3);
  counter.instruments.metrics.decided('second', 'added', 3);
  const { server, requests, writes } = await node.performance({ recent: 1 });
  expect(server).toBe('S1');
  expect(requests.count).toBe(2);
  expect(requests.recent).toMatchObject([{ id: 'second', status: 'added', ms: 3 }]);
  expect(writes.count).toBeGreaterThan(0);
});

test('who watches events sees those from before, then each as it happens', async () => {
  const { counter } = await counters.start('S1');
  await counter.add(0); // behind the first event, which asks as well
  const events = node.watchEvents({ last: 10 });
  expect((await events.next()).value).toMatchObject({ event: { sequence: 1, kind: 'server-started' }, missed: 0 });
  counter.instruments.events.add('debug', 'counted', 'one more', { total: '1' });
  const watched = (await events.next()).value as WatchedEvent;
  expect(watched.event).toMatchObject({ level: 'debug', kind: 'counted', message: 'one more', fields: { total: '1' } });
  await events.return(undefined);
});
