import { expect, test } from '@jest/globals';
import { ledgerMachine } from './machine.js';
import type { LedgerOptions } from './options.js';
import { genesis } from './simulation/simulated-bank.js';

const good: LedgerOptions = {
  self: 'S1',
  members: ['S1', 'S2'],
  accounts: [{ id: 'S1', home: 'S1', initial: 100n }],
  genesis,
  random: () => 0.5,
};
const account = { id: 'B', home: 'S2', initial: 0n };

test.each<[Partial<LedgerOptions>, string]>([
  [{ self: 'S3' }, 'self: "S3" is not a member'],
  [{ members: ['S1', 'S2', 'S1'] }, 'members: "S1" stands twice'],
  [{ accounts: [account, account] }, 'accounts: "B" stands twice'],
  [{ accounts: [{ ...account, id: '' }] }, 'accounts: "" is not a name'],
  [{ accounts: [{ ...account, home: 'S3' }] }, 'accounts: the home of B, "S3", is not a member'],
  [{ accounts: [{ ...account, initial: -1n }] }, 'accounts: B can not start with -1'],
  [
    { accounts: [{ ...account, initial: 2n ** 64n - 1n }, ...good.accounts.map((a) => ({ ...a, initial: 1n }))] },
    'accounts: the initial balances add up to 18446744073709551616: together they are at most 2^64-1',
  ],
  [{ window: 0 }, 'window: a whole number from 1 on, not 0'],
])('a ledger does not start with %j', (change, message) => {
  const stringable = { ...good, ...change };
  expect(() => ledgerMachine(stringable)).toThrow(expect.objectContaining({ code: 'config', message }));
});

test('balances may add up to 2^64-1', () => {
  expect(() => ledgerMachine({ ...good, accounts: [{ ...account, initial: 2n ** 64n - 1n }] })).not.toThrow();
});
