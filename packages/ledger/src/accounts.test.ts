import { describe, expect, test } from '@jest/globals';
import { makeBlock, type Entry } from '@synod/paxos';
import { Accounts } from './accounts.js';
import type { LedgerBlock } from './protocol.js';
import { transfer } from './testing/lone-home.js';
import { transferCodec, type Transfer } from './transfer.js';

const accounts = (): Accounts =>
  new Accounts(['S10', 'S2', 'S1'].map((id) => ({ id, home: id, initial: BigInt(id.slice(1)) * 10n })));

function block(...entries: Entry<Transfer>[]): LedgerBlock {
  return makeBlock({ height: 1, previous: '', ballot: { round: 1, server: 'S1' }, entries }, transferCodec);
}

describe('Accounts', () => {
  test('start with their initial balances, in natural order', () => {
    expect([...accounts().all()].map(({ id }) => id)).toEqual(['S1', 'S2', 'S10']);
    expect(accounts().total).toBe(130n);
    expect(accounts().committed('S2')).toBe(20n);
  });

  test('cover what is spendable: committed less what left in transfers no block holds', () => {
    const own = accounts();
    own.reserve(transfer('a', '15 to S1', 'S2'));
    expect([own.committed('S2'), own.spendable('S2')]).toEqual([20n, 5n]);
    expect(own.covers(transfer('b', '5 to S1', 'S2'))).toBe(true);
    expect(own.covers(transfer('b', '6 to S1', 'S2'))).toBe(false);
  });

  test('a block moves the money, and takes the own transfers out of the reserve', () => {
    const own = accounts();
    const spent = transfer('a', '15 to S1', 'S2');
    own.reserve(spent);
    const changed = own.apply(block({ owner: 'S2', sequence: 1, value: spent }), 'S2');
    expect([...changed]).toEqual(['S2', 'S1']);
    expect([own.committed('S2'), own.spendable('S2'), own.spendable('S1')]).toEqual([5n, 5n, 25n]);
    expect(own.committed('S1') + own.committed('S2') + own.committed('S10')).toBe(own.total);
  });

  test.each([
    ['21 to S1', 'S2', 'S2', 'block 1 overdraws S2 by 1'],
    ['1 to S9', 'S2', 'S2', 'block 1 pays an unknown account'],
    ['1 to S1', 'S2', 'S10', "block 1 lets S10 spend S2's money"],
  ])('a block with %s of %s by %s is an invariant broken', (what, from, owner, message) => {
    const entry = { owner, sequence: 1, value: transfer('a', what, from) };
    expect(() => accounts().apply(block(entry), 'S1')).toThrow(message);
  });

  test('balances of other accounts on disk are a configuration that differs', () => {
    const same = accounts();
    same.recover('S1', 5n);
    same.recover('S2', 25n);
    expect(() => same.recovered()).not.toThrow();
    same.recover('S2', 26n);
    expect(() => same.recovered()).toThrow(
      expect.objectContaining({
        code: 'config',
        message:
          'accounts: the balances on disk add up to 131, the configured ones to 130: this disk was written with other accounts',
      }),
    );
    const more = accounts();
    more.recover('S9', 0n);
    expect(() => more.recovered()).toThrow(expect.objectContaining({ code: 'config' }));
  });
});
