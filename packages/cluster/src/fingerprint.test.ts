import { expect, test } from '@jest/globals';
import { fingerprint, readCluster } from './index.js';

const base = {
  cluster: 'bank',
  servers: [
    { id: 'S1', address: 'a:1' },
    { id: 'S2', address: 'a:2' },
  ],
  ledger: {
    accounts: [
      { id: 'alice', home: 'S1', initial: '5' },
      { id: 'bob', home: 'S2', initial: '6' },
    ],
  },
};

const of = (config: object) => fingerprint(readCluster(JSON.stringify(config), { file: 'test' }));
const genesisOf = (config: object) => readCluster(JSON.stringify(config), { file: 'test' }).ledger.genesis;

test('is the same for ever: ledgers on disk begin with it', () => {
  expect(genesisOf(base)).toBe('4900108303472d2551257e9c81db878ccb04daf3e836442c84d15e8e23e90c49');
  expect(of(base)).toBe('cfa683d5e17d7b3fbd5c71b77a53d1d1ed64e61cc7bc9fa766b9f1b5376e8afc');
});

test.each<[string, object]>([
  [
    'addresses',
    { ...base, servers: base.servers.map(({ id }, i) => ({ id, address: `b:${i + 1}`, admin: `c:${i + 1}` })) },
  ],
  ['order', { ...base, servers: base.servers.toReversed(), ledger: { accounts: base.ledger.accounts.toReversed() } }],
  ['a default balance that no account takes', { ...base, ledger: { ...base.ledger, initial: '9' } }],
  ['registers and tokens', { ...base, tokens: 't', registers: [{ key: 'k', writer: 'any', readers: ['S1'] }] }],
])('does not depend on %s', (_, config) => {
  expect(of(config)).toBe(of(base));
});

test.each<[string, object]>([
  ['cluster id', { ...base, cluster: 'bank2' }],
  ['accounts', { ...base, ledger: {} }],
  ['a home', { ...base, ledger: { accounts: [base.ledger.accounts[0], { ...base.ledger.accounts[1], home: 'S1' }] } }],
  [
    'a balance',
    { ...base, ledger: { accounts: [base.ledger.accounts[0], { ...base.ledger.accounts[1], initial: '7' }] } },
  ],
])('depends on %s, and so does the genesis', (_, config) => {
  expect(of(config)).not.toBe(of(base));
  expect(genesisOf(config)).not.toBe(genesisOf(base));
});

test('depends on the servers, the genesis does not', () => {
  const config = { ...base, servers: [...base.servers, { id: 'S3', address: 'a:3' }] };
  expect(of(config)).not.toBe(of(base));
  expect(genesisOf(config)).toBe(genesisOf(base));
});
