import { expect, test } from '@jest/globals';
import type { Failpoint } from '@synod/transport/client';
import { FailpointHunt } from './failpoint-hunt.js';
import { Snares } from './snares.js';

const servers = ['S1', 'S2', 'S3'];
const never = new AbortController().signal;
/** A test that fails ends all the same, ms. */
const patienceMs = 30_000;

/** Servers that only remember what they were told. */
function setUp({ isUp = () => true, knows = () => true }: { isUp?: () => boolean; knows?: () => boolean } = {}) {
  const told: string[] = [];
  const arm = async (server: string, { name, action }: Failpoint) => {
    told.push(`${server} ${name} ${action}`);
    return knows();
  };
  return { told, snares: new Snares({ isUp, arm, relaunched: async () => {} }) };
}

test('a server that dies at its failpoint is counted, and free again', async () => {
  const { told, snares } = setUp();
  const set = snares.set('S1', 'write:after-write', patienceMs, never);
  expect([snares.isFree('S1'), snares.isFree('S2')]).toEqual([false, true]);
  expect(snares.caught('S1')).toBe(true);
  expect(await set).toBe(true);
  expect(told).toEqual(['S1 write:after-write kill']);
  expect([...snares.hits]).toEqual([['write:after-write', 1]]);
  expect(snares.isFree('S1')).toBe(true);
});

test('a server that dies without having been told to is not', () => {
  const { snares } = setUp();
  expect(snares.caught('S1')).toBe(false);
  expect(snares.hits.size).toBe(0);
});

test('one that does not reach it in time is told so; until it knows, its death counts', async () => {
  let knows = false;
  const { told, snares } = setUp({ knows: () => knows });
  const set = snares.set('S1', 'nack:before-write', 1, never);
  while (!told.includes('S1 nack:before-write off')) await new Promise(setImmediate);
  expect(snares.isFree('S1')).toBe(false);
  expect(snares.caught('S1')).toBe(true);
  expect(await set).toBe(true);
  knows = true;
  expect(await snares.set('S1', 'nack:before-write', 1, never)).toBe(false);
});

test('one that can not be told any more is not waited for when the servers end', async () => {
  const { told, snares } = setUp({ knows: () => false });
  const set = snares.set('S1', 'nack:before-write', 1, never);
  while (!told.includes('S1 nack:before-write off')) await new Promise(setImmediate);
  snares.close();
  expect(await set).toBe(false);
  expect(snares.isFree('S1')).toBe(true);
});

test('one that is killed otherwise starts without', async () => {
  const { snares } = setUp();
  const set = snares.set('S1', 'ack:before-write', patienceMs, never);
  snares.gone('S1');
  expect(await set).toBe(false);
  expect(snares.caught('S1')).toBe(false);
});

test('before a disk is recovered every peer, and the server, gets a failpoint that has not been tried', async () => {
  const { told, snares } = setUp();
  snares.ofRecovery = { atServer: ['page:a', 'page:b'], atPeers: ['copy:a', 'copy:b', 'copy:c'] };
  const before = snares.set('S1', 'write:a', patienceMs, never);
  expect(await snares.beforeRecovery('S3', ['S1', 'S2'])).toEqual(['--failpoint', 'page:a']);
  expect(await before).toBe(false);
  expect(told.slice(1)).toEqual(['S1 write:a off', 'S1 copy:a kill', 'S2 copy:b kill']);
  for (const server of servers) snares.caught(server);
  expect(await snares.beforeRecovery('S3', ['S1'])).toEqual(['--failpoint', 'page:b']);
  expect(told.at(-1)).toBe('S1 copy:c kill');
  for (const server of servers) snares.gone(server);
});

test('a hunt goes first to failpoints at which no server has died, and ends with the signal', async () => {
  const stop = new AbortController();
  const names = ['a', 'b', 'c', 'd', 'e'];
  const tried: string[] = [];
  const snares: Snares = new Snares({
    isUp: () => true,
    arm: async (server, { name }) => {
      tried.push(name);
      setImmediate(() => snares.caught(server));
      if (tried.length === names.length) stop.abort();
      return true;
    },
    relaunched: async () => {},
  });
  await new FailpointHunt({ snares, servers, names, seed: 1, signal: stop.signal }).run();
  expect(tried.slice(0, names.length).sort()).toEqual(names);
});
