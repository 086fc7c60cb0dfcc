import { expect, test } from '@jest/globals';
import { defaultCluster } from './index.js';

const addresses = (count: number) => Array.from({ length: count }, (_, i) => `127.0.0.1:${7001 + i}`);

test('servers S1 to Sn, each with an account of its name', () => {
  const cluster = defaultCluster(11, { addresses: addresses(11), admin: addresses(22).slice(11), initial: 7n });
  expect(cluster.id).toBe('synod');
  expect(cluster.servers[10]).toEqual({ id: 'S11', address: '127.0.0.1:7011', admin: '127.0.0.1:7022' });
  expect(cluster.ledger.accounts[10]).toEqual({ id: 'S11', home: 'S11', initial: 7n });
});

test('100 to start with, unless told otherwise', () => {
  expect(defaultCluster(1, { addresses: ['a:1'], id: 'bank' })).toMatchObject({
    id: 'bank',
    ledger: { initial: 100n, accounts: [{ id: 'S1', home: 'S1', initial: 100n }] },
  });
});

test.each([
  [0, {}, '0 servers: a cluster has 1 to 99'],
  [100, {}, '100 servers: a cluster has 1 to 99'],
  [2.5, {}, '2.5 servers: a cluster has 1 to 99'],
  [Number.NaN, {}, 'NaN servers: a cluster has 1 to 99'],
  [3, { addresses: ['a:1'] }, 'addresses: 1 given for 3 servers: give one for each'],
  [3, { admin: ['a:1'] }, 'admin: 1 given for 3 servers: give one for each'],
  [1, { addresses: ['a'] }, 'default cluster: servers[0].address: "a" is not host:port, for example 127.0.0.1:7001'],
  [
    2,
    { initial: 2n ** 63n },
    'default cluster: ledger: the initial balances add up to 18446744073709551616: together they are at most 18446744073709551615',
  ],
  [
    2,
    { initial: -1n },
    'default cluster: ledger.initial: "-1" is not a whole number from 0 to 18446744073709551615, for example 100',
  ],
])('%s servers with %p are refused', (count, options, message) => {
  expect(() => defaultCluster(count, { addresses: addresses(Math.floor(count) || 0), ...options })).toThrow(
    expect.objectContaining({ code: 'config', message }),
  );
});
