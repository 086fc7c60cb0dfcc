import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ServerEvent } from '@synod/kernel';
import { AdminConnection } from '@synod/transport/client';
import type { ServerOptions } from './options.js';
import type { Counter } from './testing/counter.js';
import { Counters } from './testing/counters.js';

let counters: Counters;
let admin: AdminConnection;
beforeEach(async () => {
  counters = await Counters.make(2, { admin: true });
  admin = new AdminConnection(counters.addressOf('S1'));
});
afterEach(async () => {
  admin.close();
  await counters.close();
});

/** The kinds of events in the log of S1. */
async function kinds(): Promise<string[]> {
  const lines = (await readFile(join(counters.dataOf('S1'), 'server.log'), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as { kind: string }).kind);
}

/** The first event of that kind, which may have happened already. */
function eventOf({ instruments: { events } }: Counter, kind: string): Promise<ServerEvent> {
  return new Promise((resolve) => {
    const look = (event: ServerEvent): void => void (event.kind === kind && resolve(event));
    events.onEvent(look);
    events.last(100).forEach(look);
  });
}

test.each<[Partial<ServerOptions>, string]>([
  [{ id: 'S9' }, '--id: there is no server "S9" in cluster test: write S1, S2'],
  [{ dataDirectory: '' }, '--data: is empty: write the path of a directory'],
  [{ listen: 'here' }, '--listen: "here" is not host:port, for example 127.0.0.1:7001'],
  [{ listen: '127.0.0.1:0' }, '--listen: port 0 takes any port: the other servers could not find it'],
  [{ failpoints: ['add:after-write'] }, '--failpoint: needs --allow-faults'],
  [
    { failpoints: ['add'], allowFaults: true },
    '--failpoint: there is no failpoint "add": write <type>:<point>, for example add:after-release',
  ],
])('wrong options are refused, and nothing is touched: %j', async (options, message) => {
  await expect(counters.start(options.id ?? 'S1', options)).rejects.toMatchObject({ code: 'config', message });
  expect(existsSync(counters.dataOf('S1'))).toBe(false);
});

test('an address that is in use is refused before the data directory is touched, and what was opened is closed', async () => {
  const { server } = await counters.start('S2');
  let closed = 0;
  const counting = (counter: Counter): void => {
    counter.close = () => void closed++;
  };
  const message = `admin address ${counters.cluster.servers[1]!.admin} is already in use`;
  const [first, second] = counters.cluster.servers;
  const cluster = { id: 'test', servers: [{ ...first!, admin: second!.admin }, second!] };
  await expect(counters.start('S1', { cluster }, counting)).rejects.toMatchObject({ code: 'config', message });
  expect(existsSync(counters.dataOf('S1'))).toBe(false);
  expect(closed).toBe(1);
  await server.stop();
  await counters.start('S1', { cluster }); // its address is free again
});

test('the first event tells what was recovered; a stop closes what the application runs, and is told', async () => {
  let closed = 0;
  const { server, counter } = await counters.start('S1', {}, (it) => {
    it.close = () => void closed++;
  });
  const started = await eventOf(counter, 'server-started');
  expect(started).toMatchObject({
    message: `serving on ${server.address}: a total of 0`,
    fields: { address: server.address, total: '0' },
  });
  await server.stop();
  expect(await server.ended).toBeUndefined();
  expect(closed).toBe(1);
  expect(await kinds()).toEqual(['server-started', 'server-stopping', 'server-stopped']);
});

test('peers are linked, their messages are measured as calls, and the application is shown what is released', async () => {
  const released = new EventEmitter();
  const delivered = once(released, 'deliver');
  const { counter: two } = await counters.start('S2', {}, (it) => {
    it.observer = { released: (_output, { kind }) => void released.emit(kind) };
  });
  const { counter: one } = await counters.start('S1');
  await eventOf(one, 'link-up');
  await one.add(1);
  await delivered;
  expect(two.instruments.metrics.report({ recent: 0 }).methods).toMatchObject([
    { method: 'synod.peer.v1.PeerService/Counted', count: 1, failed: 0 },
  ]);
});

test('the admin service stops the server', async () => {
  const { server } = await counters.start('S1', { links: 'none' });
  await admin.shutdown();
  expect(await server.ended).toBeUndefined();
});

test('failpoints count only where faults are allowed', async () => {
  const { server, counter } = await counters.start('S1', { allowFaults: true });
  await counter.add(1);
  const states = await admin.failpoints();
  expect(states).toContainEqual({ name: 'add:before-write', reached: 2, armed: 0 }); // the start asks as well
  await server.stop();
  await counters.start('S1');
  await expect(admin.failpoints()).rejects.toMatchObject({ code: 'refused' });
});

test('a server that fails says why, answers nobody any more, and closes what the application runs', async () => {
  let closed = 0;
  const { server, counter } = await counters.start('S1', {}, (it) => {
    it.close = () => void closed++;
  });
  const reason = new Error('an error nobody caught');
  server.fail(reason);
  server.fail(new Error('only the first counts'));
  expect(await server.ended).toBe(reason);
  await expect(counter.add(1)).rejects.toMatchObject({ code: 'unavailable' });
  await server.stop();
  expect(closed).toBe(1);
  expect((await kinds()).at(-1)).toBe('fatal');
});
