import { describe, expect, test } from '@jest/globals';
import { Accounts } from './accounts.js';
import { isMinority, isName, maxAmount, objectionTo, objectionToGather } from './checks.js';
import { transfer } from './testing/lone-home.js';

const accounts = new Accounts(
  ['S1', 'S2'].map((id) => ({ id, home: id, initial: 2n ** 63n - (id === 'S1' ? 1n : 0n) })),
);

describe('what is refused and never logged', () => {
  const good = transfer('a', '1 to S2');
  test.each([
    [{ id: '' }, 'invalid_argument', 'id: 1 to 128 characters, not 0'],
    [{ id: 'x'.repeat(129) }, 'invalid_argument', 'id: 1 to 128 characters, not 129'],
    [{ id: 'a\ud800' }, 'invalid_argument', 'id: not well-formed Unicode, so it could not be kept'],
    [{ from: 'S9' }, 'unknown_account', 'from: there is no account "S9"'],
    [{ to: 's1' }, 'unknown_account', 'to: there is no account "s1"'],
    [{ to: 'S1' }, 'invalid_argument', 'to: S1 can not pay itself'],
    [{ amount: 0n }, 'invalid_argument', 'amount: a whole number from 1 on, not 0'],
    [{ amount: -5n }, 'invalid_argument', 'amount: a whole number from 1 on, not -5'],
    [{ amount: 2n ** 64n }, 'invalid_argument', 'amount: at most 2^64-1, not 18446744073709551616'],
    [{ from: 'S2', to: 'S1' }, 'wrong_home', "S2's transfers are executed by S2, not by S1"],
  ])('%j is %s', (change, code, message) => {
    expect(objectionTo({ ...good, ...change }, accounts, 'S1')).toMatchObject({ code, message, definite: true });
  });

  test('the sum of all balances may move, and not one more', () => {
    expect(objectionTo({ ...good, amount: maxAmount }, accounts, 'S1')).toBeUndefined();
    const poor = new Accounts(['S1', 'S2'].map((id) => ({ id, home: id, initial: 100n })));
    expect(objectionTo({ ...good, amount: 200n }, poor, 'S1')).toBeUndefined();
    expect(objectionTo({ ...good, amount: 201n }, poor, 'S1')?.message).toBe(
      'amount: 201 is more than all accounts hold together, 200',
    );
  });

  test('the longest id, and any script, is accepted', () => {
    for (const id of ['x'.repeat(128), '交易-1', '💶', ' ']) {
      expect(objectionTo({ ...good, id }, accounts, 'S1')).toBeUndefined();
    }
  });
});

describe('servers to gather from', () => {
  const members = ['S1', 'S2', 'S3', 'S4'];
  test.each([
    [undefined, false],
    [['S1', 'S2'], true],
    [['S1', 'S2', 'S2'], true],
    [['S1', 'S2', 'S3'], false],
    [[], true],
  ])('%j of four are a minority: %s', (gather, minority) => {
    expect(isMinority(gather, members)).toBe(minority);
  });

  test('are members', () => {
    expect(objectionToGather(['S4', 'S1'], members)).toBeUndefined();
    expect(objectionToGather(undefined, members)).toBeUndefined();
    expect(objectionToGather(['S1', 'S5'], members)).toMatchObject({ code: 'unknown_server' });
  });
});

test('a name survives storage', () => {
  expect(['', '\udc00', 'a\ud83d'].map(isName)).toEqual([false, false, false]);
  expect(['S1', '💶', 'é'].map(isName)).toEqual([true, true, true]);
});
