import { describe, expect, test } from '@jest/globals';
import { both, ledgerAlone, refusal, registerNames, registersAlone, understood } from '../testing/menu-lines.js';
import { commands } from './commands.js';
import type { KnownNames } from './known-names.js';
import { helpLines, menuLines } from './menu-text.js';
import { parseLine } from './parse.js';

describe('commands of tokens', () => {
  test.each([
    ['Tokens', 'Tokens'],
    ['tokens --json', 'Tokens --json'],
    ['ReadToken 007', 'ReadToken 007'],
    ['readtoken KEY', 'ReadToken Key'],
    ['ReadToken key', 'ReadToken key'],
    ['ReadToken "Two Words"', 'ReadToken two words'],
    ['ReadToken, {}', 'ReadToken {}'],
    ['WriteToken 101 abc 1 5 25', 'WriteToken 101 abc 1 5 25'],
    ['WriteToken 101, "a, b", 1, 5, 18446744073709551615', 'WriteToken 101 a, b 1 5 18446744073709551615'],
    ['WriteToken 101 all 1 5 25', 'WriteToken 101 all 1 5 25'],
    ['DropToken 101', 'DropToken 101'],
    ['CreateToken 101', 'CreateToken 101'],
    ['Silence r1', 'Silence R1 undefined'],
    ['Silence NORTH.example:8000 101', 'Silence R1 101'],
    ['Unsilence 127.0.0.1:8001 "two words" --json', 'Unsilence 127.0.0.1:8001 two words --json'],
    ['CrashServer north.example:8000', 'CrashServer R1'],
    ['Performance all', 'Performance all'],
  ])('%s: %s', (line, meant) => {
    expect(understood(line, registersAlone)).toBe(meant);
    expect(understood(line, both)).toBe(meant);
  });

  test('a name may be empty in quotes; quotes in the middle of a word are part of it', () => {
    const values = (line: string) => (parseLine(line, registersAlone) as { values: readonly string[] }).values;
    expect(values('WriteToken 101 "" 1 5 25')).toEqual(['101', '', '1', '5', '25']);
    expect(values('WriteToken 101 5"x 1 5 25')).toEqual(['101', '5"x', '1', '5', '25']);
    expect(values('WriteToken 101 "x 1 5 25')).toEqual(['101', '"x', '1', '5', '25']);
    expect(values('WriteToken 101 "a"b 1 5 25')).toEqual(['101', '"a"b', '1', '5', '25']);
  });

  const ids = '101, 007, Key, key, "two words", {}';
  test.each([
    ['ReadToken', `usage: ReadToken <id> (${ids})`],
    ['ReadToken 7', `there is no token "7": ${ids}`],
    ['ReadToken 101 102', `ReadToken takes one name, not "101 102": ${ids}`],
    ['ReadToken ""', `there is no token "": ${ids}`],
    ['WriteToken 101 abc', `usage: WriteToken <id> <name> <low> <mid> <high> (${ids})`],
    [
      'WriteToken 101 a b 1 5 25',
      `WriteToken takes at most 5 arguments, not "101 a b 1 5 25": WriteToken <id> <name> <low> <mid> <high> (${ids})`,
    ],
    ['Silence', `usage: Silence <server> [token] (R1, 127.0.0.1:8001; ${ids})`],
    ['Silence R1 7', `there is no token "7": ${ids}`],
    ['Silence all', 'there is no server "all": R1, 127.0.0.1:8001'],
    ['Tokens 101', 'Tokens takes no argument, not "101"'],
  ])('%s is answered with what would have been right', (line, message) => {
    expect(refusal(line, registersAlone)).toBe(message);
  });

  test('without any token that is said', () => {
    const none: KnownNames = { ledger: undefined, registers: { ...registerNames, tokenIds: [] } };
    expect(refusal('ReadToken 101', none)).toBe('there is no token "101": there is none');
  });
});

describe('what does not run', () => {
  test.each(['PrintBalance S1', '1', '2 all', 'PrintDB', '5', 'BalanceMap x'])('%s needs the ledger', (line) => {
    expect(refusal(line, registersAlone)).toMatch(
      /^\w+ needs the ledger, which does not run here: leave out --no-ledger$/,
    );
  });

  test.each(['Tokens', 'ReadToken 101', 'Silence S1'])('%s needs registers', (line) => {
    expect(refusal(line, ledgerAlone)).toMatch(
      /^\w+ needs registers, which do not run here: start with --registers <file>$/,
    );
  });

  test('an unknown command is answered with those that can be used', () => {
    expect(refusal('x', registersAlone)).toBe(
      'unknown command "x": a number of the menu, Performance, CrashServer, RestartServer, Disconnect, Connect, Tokens, ReadToken, WriteToken, CreateToken, DropToken, Silence, Unsilence, help, quit',
    );
  });
});

describe('with a ledger and registers', () => {
  test('commands for any server take all of them', () => {
    expect(understood('CrashServer S2', both)).toBe('CrashServer S2');
    expect(refusal('Disconnect S3', both)).toBe('there is no server "S3": S1, S2, S10, R1, 127.0.0.1:8001');
  });

  test('others say which servers are meant', () => {
    expect(refusal('PrintLog R1', both)).toBe('there is no ledger server "R1": S1, S2, S10, or all');
    expect(refusal('Silence S1', both)).toBe('there is no register server "S1": R1, 127.0.0.1:8001');
    expect(refusal('BalanceMap R1', both)).toBe('there is no server or account "R1": S1, S2, S10, alice, bob, or all');
  });
});

describe('the printed menu', () => {
  const numbers = ['1. PrintBalance <client> or all', '2. PrintLog <server> or all', '3. PrintDB <server> or all'];
  const rest = [
    '4. Performance <server> or all',
    '5. NextIteration',
    '6. CrashServer <server>',
    '7. BalanceMap <server>',
  ];
  const tokens = [
    '   Tokens',
    '   ReadToken <id>',
    '   WriteToken <id> <name> <low> <mid> <high>',
    '   CreateToken <id>',
    '   DropToken <id>',
    '   Silence <server> [token]',
    '   Unsilence <server> [token]',
  ];

  test('has the seven commands by number, and below them those of what else runs', () => {
    expect(menuLines(ledgerAlone)).toEqual([...numbers, ...rest]);
    expect(menuLines(both)).toEqual([...numbers, ...rest, ...tokens]);
    expect(menuLines(registersAlone)).toEqual([rest[0], rest[2], ...tokens]);
  });

  test('help tells what can be used, and only that', () => {
    expect(helpLines(ledgerAlone).join('\n')).not.toMatch(/Token/);
    expect(helpLines(registersAlone).join('\n')).not.toMatch(/PrintBalance|NextIteration|BalanceMap/);
    for (const { name } of commands) expect(helpLines(both).join('\n')).toMatch(new RegExp(`^ +${name} `, 'm'));
  });
});
