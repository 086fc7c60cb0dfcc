import { expect, test } from '@jest/globals';
import type { LedgerClient } from '@synod/client';
import { Funds } from './funds.js';

const transfer = (amount: bigint, from = 'S1') => ({ id: `${from}-${amount}`, from, to: 'S9', amount });

/** Funds over an account that is asked for at most as often as `looks` says. */
function fundsWith(spendable: bigint, pending = 0): { funds: Funds; looks: string[] } {
  const looks: string[] = [];
  const balance = async (account: string) => {
    looks.push(account);
    return { account, home: account, committed: spendable, spendable, pending };
  };
  return { funds: new Funds({ balance } as unknown as LedgerClient), looks };
}

test('nothing is certain of an account that nobody looked at', () => {
  const { funds } = fundsWith(100n);
  expect(funds.isKnown('S1')).toBe(false);
  expect(funds.covers(transfer(1n))).toBe(false);
  expect(funds.hasPending('S1')).toBe(false);
  funds.spend(transfer(1n));
  funds.wait(transfer(1n));
  expect(funds.isKnown('S1')).toBe(false);
});

test('a balance is looked at once between two blocks', async () => {
  const { funds, looks } = fundsWith(100n);
  await funds.look('S1');
  await funds.look('S1');
  await funds.look('S2');
  expect(looks).toEqual(['S1', 'S2']);
  funds.forget();
  expect(funds.isKnown('S1')).toBe(false);
  await funds.look('S1');
  expect(looks).toEqual(['S1', 'S2', 'S1']);
});

test('what was sent is spent: the last unit is covered, the next is not', async () => {
  const { funds } = fundsWith(100n);
  await funds.look('S1');
  funds.spend(transfer(99n));
  expect(funds.covers(transfer(1n))).toBe(true);
  expect(funds.covers(transfer(2n))).toBe(false);
  funds.spend(transfer(1n));
  expect(funds.covers(transfer(1n))).toBe(false);
});

test('behind a pending transfer nothing is covered, however small', async () => {
  const { funds } = fundsWith(100n, 1);
  await funds.look('S1');
  expect(funds.hasPending('S1')).toBe(true);
  expect(funds.covers(transfer(1n))).toBe(false);
});

test('a transfer that waits makes the account wait, and no other', async () => {
  const { funds } = fundsWith(100n);
  await funds.look('S1');
  await funds.look('S2');
  funds.wait(transfer(500n));
  expect(funds.hasPending('S1')).toBe(true);
  expect(funds.covers(transfer(1n))).toBe(false);
  expect(funds.hasPending('S2')).toBe(false);
  expect(funds.covers(transfer(1n, 'S2'))).toBe(true);
});
