import { describe, expect, test } from '@jest/globals';
import { both, ledgerAlone, refusal as refusalIn, understood as understoodIn } from '../testing/menu-lines.js';
import { commands } from './commands.js';
import type { ArgumentKind, KnownNames } from './known-names.js';

const understood = (line: string, names = ledgerAlone) => understoodIn(line, names);
const refusal = (line: string, names = ledgerAlone) => refusalIn(line, names);

describe('a command is called by number or name, case ignored', () => {
  const examples: Record<ArgumentKind, string> = {
    account: 'bob',
    server: 'S2',
    'ledger server': 'S2',
    'register server': 'R1',
    'server or account': 'S2',
    token: '101',
    text: 'x1',
  };
  const rows = commands.map(({ number, name, arguments: expected }) => ({
    number,
    name,
    values: expected.map(({ kind }) => examples[kind]).join(' '),
  }));

  test.each(rows)('$name', ({ number, name, values }) => {
    const meant = [name, values].filter(Boolean).join(' ');
    expect(understood(`${name} ${values}`, both)).toBe(meant);
    expect(understood(`  ${name.toUpperCase()}\t${values.toLowerCase()} `, both)).toBe(meant);
    if (number === undefined) return;
    expect(understood(`${number} ${values}`, both)).toBe(meant);
    expect(understood(`${number}. ${values}`, both)).toBe(meant);
  });

  test('the numbers are those of the printed menu', () => {
    const numbered = commands.flatMap(({ number, name }) => (number === undefined ? [] : [`${number} ${name}`]));
    expect(numbered).toEqual([
      '1 PrintBalance',
      '2 PrintLog',
      '3 PrintDB',
      '4 Performance',
      '5 NextIteration',
      '6 CrashServer',
      '7 BalanceMap',
    ]);
  });
});

test.each([
  ['', 'nothing'],
  [' \t ', 'nothing'],
  ['--json', 'nothing'],
  ['help', 'help'],
  ['?', 'help'],
  ['HELP me', 'help'],
  ['quit', 'quit'],
  ['q', 'quit'],
  ['Exit', 'quit'],
])('%j is %s', (line, meaning) => {
  expect(understood(line)).toBe(meaning);
});

test.each(['PrintBalance', 'PrintLog', 'PrintDB', 'Performance', 'BalanceMap'])('%s takes all', (name) => {
  expect(understood(`${name} ALL`)).toBe(`${name} all`);
});

test('--json may stand anywhere, in any case', () => {
  expect(understood('Performance --json S2')).toBe('Performance S2 --json');
  expect(understood('--JSON 4 S2')).toBe('Performance S2 --json');
  expect(understood('4 S2 --Json')).toBe('Performance S2 --json');
});

test('commas separate like spaces, as in files', () => {
  expect(understood('PrintLog, S2')).toBe('PrintLog S2');
});

describe('BalanceMap', () => {
  test.each([
    ['BalanceMap s1', 'BalanceMap S1', 'a name that is both is the server'],
    ['BalanceMap account:s1', 'BalanceMap account:S1', 'account: asks for the account'],
    ['BalanceMap ACCOUNT:bob', 'BalanceMap account:bob', 'in any case'],
    ['BalanceMap Bob', 'BalanceMap account:bob', 'a name that is an account alone'],
    ['BalanceMap s10', 'BalanceMap S10', 'a name that is a server alone'],
  ])('%s: %s (%s)', (line, meant) => {
    expect(understood(line)).toBe(meant);
  });

  test('account: looks among the accounts alone, and elsewhere it is no name', () => {
    expect(refusal('BalanceMap account:S2')).toBe('there is no account "S2": alice, bob, S1');
    expect(refusal('PrintLog account:S1')).toBe('there is no server "account:S1": S1, S2, S10, or all');
  });
});

test('an exact name wins over one that differs in case', () => {
  const twins: KnownNames = { ledger: { servers: ['s1', 'S1'], accounts: [] }, registers: undefined };
  expect(understood('PrintLog S1', twins)).toBe('PrintLog S1');
  expect(understood('PrintLog s1', twins)).toBe('PrintLog s1');
});

describe('what can not be understood is answered with what would have been right', () => {
  test.each([
    [
      'Print S1',
      'unknown command "Print": a number from 1 to 7, PrintBalance, PrintLog, PrintDB, Performance, NextIteration, CrashServer, BalanceMap, RestartServer, Disconnect, Connect, help, quit',
    ],
    ['PrintLog', 'usage: PrintLog <server> or all (S1, S2, S10, or all)'],
    ['1', 'usage: PrintBalance <client> or all (alice, bob, S1, or all)'],
    ['CrashServer', 'usage: CrashServer <server> (S1, S2, S10)'],
    ['7', 'usage: BalanceMap <server> (S1, S2, S10, alice, bob, or all)'],
    ['CrashServer all', 'there is no server "all": S1, S2, S10'],
    ['PrintLog alice', 'there is no server "alice": S1, S2, S10, or all'],
    ['PrintBalance S2', 'there is no account "S2": alice, bob, S1, or all'],
    ['BalanceMap carol', 'there is no server or account "carol": S1, S2, S10, alice, bob, or all'],
    ['PrintLog S1 S2', 'PrintLog takes one name, not "S1 S2": S1, S2, S10, or all'],
    ['NextIteration now', 'NextIteration takes no argument, not "now"'],
    ['5 S1 S2', 'NextIteration takes no argument, not "S1 S2"'],
  ])('%s', (line, message) => {
    expect(refusal(line)).toBe(message);
  });

  test.each(['8', '0', '11', '1st'])('there is no command %s', (line) => {
    expect(refusal(line)).toContain(`unknown command "${line}"`);
  });

  test('control characters do not reach the terminal', () => {
    expect(refusal('\u001b[2J')).toContain('unknown command "\\u001b[2J"');
  });

  test('long lists of names are cut', () => {
    const servers = Array.from({ length: 13 }, (_, i) => `S${i + 1}`);
    expect(refusal('6 S99', { ledger: { servers, accounts: [] }, registers: undefined })).toBe(
      'there is no server "S99": S1, S2, S3, S4, S5, S6, S7, S8, S9, S10, … (13)',
    );
  });
});
