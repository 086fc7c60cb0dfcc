import { describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import * as fc from 'fast-check';
import { readTransactionFile, type TransactionFile, type TransactionFileOptions } from './index.js';

const servers = ['S1', 'S2', 'S3', 'S4', 'S5'];
const oneAccountEach = { servers, accounts: new Map(servers.map((server) => [server, server])) };

function read(text: string, options: TransactionFileOptions = oneAccountEach): TransactionFile {
  return readTransactionFile(text, options);
}

/** `1 [S1 S2] 1-1 S1>S3:45@1; PrintLog all@2`: a whole file on one line per set. */
function show({ sets }: TransactionFile): string[] {
  return sets.map(({ set, live, transfers, commands }) => {
    const moved = transfers.map(({ id, from, to, amount, line }) => ` ${id} ${from}>${to}:${amount}@${line}`).join('');
    const run = commands.map(({ name, args, line }) => `; ${name} ${args.join(' ')}@${line}`).join('');
    return `${set} [${live.join(' ')}]${moved}${run}`;
  });
}

function problems(text: string, options?: TransactionFileOptions): string[] {
  try {
    read(text, options);
  } catch (error) {
    expect(error).toBeInstanceOf(SynodError);
    expect((error as SynodError).code).toBe('invalid_argument');
    const [headline, ...lines] = (error as SynodError).message.split('\n');
    expect(headline).toBe('transaction file refused, nothing was run:');
    return lines;
  }
  throw new Error('the file was accepted');
}

describe('reads', () => {
  const two = ['1 [S1 S2 S3] 1-1 S1>S3:45@1 1-2 S3>S2:55@2', '2 [S1 S2] 2-1 S2>S1:30@3'];

  test.each<[string, string, string[]]>([
    ['the documented form', '1,"(S1, S3, 45)","[S1, S2, S3]"\n,"(S3, S2, 55)",\n2,"(S2, S1, 30)","[S1, S2]"\n', two],
    ['no final newline', '1,"(S1, S3, 45)","[S1, S2, S3]"\n,"(S3, S2, 55)",\n2,"(S2, S1, 30)","[S1, S2]"', two],
    ['CRLF', '1,"(S1, S3, 45)","[S1, S2, S3]"\r\n,"(S3, S2, 55)",\r\n2,"(S2, S1, 30)","[S1, S2]"\r\n', two],
    ['lone CR', '1,"(S1, S3, 45)","[S1, S2, S3]"\r,"(S3, S2, 55)",\r2,"(S2, S1, 30)","[S1, S2]"\r', two],
    ['CRLF and LF mixed', '1,"(S1, S3, 45)","[S1, S2, S3]"\r\n,"(S3, S2, 55)",\n2,"(S2, S1, 30)","[S1, S2]"', two],
    ['no spaces', '1,"(S1,S3,45)","[S1,S2,S3]"\n,"(S3,S2,55)",\n2,"(S2,S1,30)","[S1,S2]"', two],
    [
      'odd spaces, tabs and no-break spaces',
      ' 1 , "( S1 ,S3,\t45 )" , " [ S1,S2 , S3 ]" \n , "(S3,\u00a0S2, 55)"\u00a0,\t\n2 ,"  (S2, S1, 30)  ",[S1 , S2]  ',
      two,
    ],
    ['no quotes', '1,(S1,S3,45),[S1,S2,S3]\n,(S3,S2,55),\n2,(S2, S1, 30),[S1, S2]', two],
    ['no closing blank cell', '1,"(S1, S3, 45)","[S1, S2, S3]"\n,"(S3, S2, 55)"\n2,"(S2, S1, 30)","[S1, S2]"', two],
    ['no blank cells at all', '1,"(S1, S3, 45)","[S1, S2, S3]"\n"(S3, S2, 55)"\n2,(S2, S1, 30),"[S1, S2]"', two],
    [
      'blank padding cells',
      '1,"(S1, S3, 45)","[S1, S2, S3]",,\n,"(S3, S2, 55)",,,\n2,,"(S2, S1, 30)",,"[S1, S2]",',
      two,
    ],
    [
      'set and live list repeated on every row',
      '1,"(S1, S3, 45)","[S1, S2, S3]"\n1,"(S3, S2, 55)","[S3, S1, S2]"\n2,"(S2, S1, 30)","[S1, S2]"',
      two,
    ],
    ['parentheses without brackets', '1,"(S1,S3,45)","S1,S2,S3"\n,"(S3,S2,55)",\n2,(S2,S1,30),S1,S2', two],
    ['brackets without parentheses', '1,"S1,S3,45","[S1,S2,S3]"\n,"S3,S2,55",\n2,S2,S1,30,[S1,S2]', two],
    ['the flat form', '1,s1,s3,45,s1,s2,s3\n,s3,s2,55\n2,s2,s1,30,s1,s2', two],
    ['the flat form, padded', '1,s1,s3,45,s1,s2,s3\n,s3,s2,55,,,\n2,s2,s1,30,s1,s2,', two],
    ['the flat form with a gap in its live servers', '1,s1,s3,45,s1,,s3\n', ['1 [S1 S3] 1-1 S1>S3:45@1']],
    ['the flat form, repeated', '1,s1,s3,45,s1,s2,s3\n1,s3,s2,55,s1,s2,s3\n2,s2,s1,30,s1,s2', two],
    ['a byte order mark', '\uFEFF1,"(S1, S3, 45)",[S1]', ['1 [S1] 1-1 S1>S3:45@1']],
    ['a byte order mark before a quote', '\uFEFF"1","(S1, S3, 45)",[S1]', ['1 [S1] 1-1 S1>S3:45@1']],
    ['a header row', 'Set Number,Transactions,Live Servers\n1,"(S1, S3, 45)",[S1]', ['1 [S1] 1-1 S1>S3:45@2']],
    ['a flat header row', '\uFEFFset,from,to,amount,live\r\n1,s1,s3,45,s1', ['1 [S1] 1-1 S1>S3:45@2']],
    [
      'a header row that shows the form',
      'Set,"Transactions (from, to, amount)",[Live]\n1,"(S1,S3,45)",[S1]',
      ['1 [S1] 1-1 S1>S3:45@2'],
    ],
    [
      'blank lines and blank rows, also before the header',
      '\n \nSet,Transaction,Live\n\n1,"(S1,S3,45)",[S1]\n,,\n  ,  ,\n" ",\n,"(S3,S1,5)",\n\n',
      ['1 [S1] 1-1 S1>S3:45@5 1-2 S3>S1:5@9'],
    ],
    [
      'several transactions in one cell, on lines of their own',
      '1,"(S1, S3, 45)\n\n(S3, S2, 55)\r\n(S2, S1, 1)","[S1]"\n,"(S1, S2, 2)",',
      ['1 [S1] 1-1 S1>S3:45@1 1-2 S3>S2:55@3 1-3 S2>S1:1@4 1-4 S1>S2:2@5'],
    ],
    [
      'several transactions in one cell, with ; or ,',
      '1,"(S1,S3,45);(S3,S2,55) ; (S2,S1,1);",[S1]\n,"(S1,S2,2), (S2,S3,3)",\n,(S1,S2,4);(S1,S2,5)',
      ['1 [S1] 1-1 S1>S3:45@1 1-2 S3>S2:55@1 1-3 S2>S1:1@1 1-4 S1>S2:2@2 1-5 S2>S3:3@2 1-6 S1>S2:4@3 1-7 S1>S2:5@3'],
    ],
    ['a transaction broken over lines', '1,"\n(S1,\nS3, 45)(S3,\nS1,1)",[S1]', ['1 [S1] 1-1 S1>S3:45@2 1-2 S3>S1:1@3']],
    [
      'sets that do not ascend',
      '7,"(S1,S3,45)",[S1]\n3,"(S1,S3,5)",[S1]',
      ['7 [S1] 7-1 S1>S3:45@1', '3 [S1] 3-1 S1>S3:5@2'],
    ],
    ['set numbers with leading zeros', '01,(S1,S3,45),[S1]\n1,(S1,S3,5),', ['01 [S1] 01-1 S1>S3:45@1 01-2 S1>S3:5@2']],
    ['live servers in natural order, doubles once', '1,(S1,S3,45),"[S5, S1, s5, S2]"', ['1 [S1 S2 S5] 1-1 S1>S3:45@1']],
    ['a set that moves no money', '1,,"[S1, S2]"\n2,,[S1]\n,"(S1,S2,3)",', ['1 [S1 S2]', '2 [S1] 2-1 S1>S2:3@3']],
    ['senders that are not live', '1,"(S5, S4, 1)",[S1]', ['1 [S1] 1-1 S5>S4:1@1']],
    ['leading zeros in amounts', '1,"(S1, S3, 00045)",[S1]', ['1 [S1] 1-1 S1>S3:45@1']],
    ['the greatest amount', '1,"(S1, S3, 18446744073709551615)",[S1]', ['1 [S1] 1-1 S1>S3:18446744073709551615@1']],
    ['a file without rows', '', []],
    ['a file of a header alone', 'Set,Transactions,Live\n', []],
  ])('%s', (_, text, sets) => {
    expect(show(read(text))).toEqual(sets);
  });

  test('amounts as exact bigints, and nothing but the documented fields', () => {
    expect(read('1,"(S1, S3, 45)","[S1]"\nPrintLog')).toEqual({
      sets: [
        {
          set: '1',
          live: ['S1'],
          transfers: [{ id: '1-1', from: 'S1', to: 'S3', amount: 45n, line: 1 }],
          commands: [{ line: 2, name: 'PrintLog', args: ['all'] }],
        },
      ],
    });
  });

  test('senders and receivers as accounts, live lists as servers', () => {
    const accounts = new Map([
      ['alice', 'S1'],
      ['bob', 'S1'],
      ['Carol Ann', 'S2'],
    ]);
    expect(
      show(read('1,"(ALICE, bob, 1);(carol ann, Alice, 2)","[s1, s2]"', { servers: ['S1', 'S2'], accounts })),
    ).toEqual(['1 [S1 S2] 1-1 alice>bob:1@1 1-2 Carol Ann>alice:2@1']);
  });

  test('a name that matches exactly before one that differs in case', () => {
    const options = { servers: ['S1'], accounts: new Map(['a', 'A', 'b'].map((account) => [account, 'S1'])) };
    expect(show(read('1,(a,A,1);(A,B,2),[S1]', options))).toEqual(['1 [S1] 1-1 a>A:1@1 1-2 A>b:2@1']);
  });
});

describe('reads menu commands', () => {
  const set = '1,(S1,S3,45),[S1]\n';

  test.each([
    ['PrintLog', 'PrintLog all'],
    ['PrintLog,', 'PrintLog all'],
    [',PrintLog,', 'PrintLog all'],
    ['printlog', 'PrintLog all'],
    ['PRINTLOG S2', 'PrintLog S2'],
    ['PrintLog,s2', 'PrintLog S2'],
    [' PrintLog ,, s2 ,', 'PrintLog S2'],
    ['"PrintLog s2"', 'PrintLog S2'],
    ['PrintBalance S3', 'PrintBalance S3'],
    ['PrintBalance All', 'PrintBalance all'],
    ['PrintDB', 'PrintDB all'],
    ['Performance S1', 'Performance S1'],
    ['BalanceMap', 'BalanceMap all'],
    ['BalanceMap s4', 'BalanceMap S4'],
    ['BalanceMap account:s4', 'BalanceMap account:S4'],
    ['CrashServer S5', 'CrashServer S5'],
    ['RestartServer S5', 'RestartServer S5'],
    ['Disconnect S2', 'Disconnect S2'],
    ['Connect S2', 'Connect S2'],
  ])('%s', (row, command) => {
    expect(show(read(`${set}${row}\n`))).toEqual([`1 [S1] 1-1 S1>S3:45@1; ${command}@2`]);
  });

  test('into the set that stands before them, also when rows of that set follow', () => {
    expect(show(read('1,s1,s3,45,s1\nPrintLog\n,s3,s1,5\nPrintDB\n2,s1,s2,1,s1\nBalanceMap S1'))).toEqual([
      '1 [S1] 1-1 S1>S3:45@1 1-2 S3>S1:5@3; PrintLog all@2; PrintDB all@4',
      '2 [S1] 2-1 S1>S2:1@5; BalanceMap S1@6',
    ]);
  });

  test('of accounts apart from servers', () => {
    const accounts = new Map([
      ['alice', 'S1'],
      ['bob', 'S2'],
    ]);
    const options = { servers: ['S1', 'S2'], accounts };
    const text = '1,(alice,bob,1),[S1]\nPrintBalance Alice\nBalanceMap S2\nBalanceMap BOB';
    expect(show(read(text, options))).toEqual([
      '1 [S1] 1-1 alice>bob:1@1; PrintBalance alice@2; BalanceMap S2@3; BalanceMap bob@4',
    ]);
    expect(problems('1,(alice,bob,1),[S1]\nPrintBalance S1\nPrintLog bob', options)).toEqual([
      'line 2: unknown account "S1": S1 is a server, with alice',
      'line 3: unknown server "bob": there are S1, S2',
    ]);
  });

  test('only those it is given', () => {
    const commands = [{ name: 'Ping', argument: 'server' as const, all: false }];
    expect(show(read(`${set}ping s1`, { ...oneAccountEach, commands }))).toEqual(['1 [S1] 1-1 S1>S3:45@1; Ping S1@2']);
    expect(problems(`${set}PrintLog`, { ...oneAccountEach, commands })).toEqual([
      'line 2: unknown menu command "PrintLog": there are Ping',
    ]);
  });
});

describe('refuses', () => {
  const known = 'there are S1, S2, S3, S4, S5';
  const shape = 'write 1,"(S1, S3, 45)","[S1, S2, S3]" or 1,S1,S3,45,S1,S2,S3';
  const range = 'is not a positive whole number: write 1 to 18446744073709551615';
  const quotes =
    'a quote is left open or stands inside a cell: quote whole cells, as in 1,"(S1, S3, 45)","[S1, S2, S3]"';
  const menu =
    'there are PrintBalance, PrintLog, PrintDB, Performance, BalanceMap, CrashServer, RestartServer, Disconnect, Connect';

  test.each<[string, string, string[]]>([
    ['an unknown live server', '1,(S1,S3,45),"[S1, S9]"', [`line 1: unknown server "S9": ${known}`]],
    ['an unknown sender', '1,(S9,S3,45),[S1]', [`line 1: unknown account "S9": ${known}`]],
    ['an unknown receiver', '1,s1,s33,45,s1', [`line 1: unknown account "s33": ${known}`]],
    ['a name that would break the line', '1,"(S1,""\n"",4)",[S1]', [`line 1: unknown account "\\"\\n\\"": ${known}`]],
    ['a place without name in a live list', '1,(S1,S3,45),"[S1,,S2]"', [`line 1: unknown server "": ${known}`]],
    ...['0', '-5', '+5', '4.5', '45.0', '1e3', '0x10', 'ten', '18446744073709551616', '000', '٣', '5 5'].map(
      (amount): [string, string, string[]] => [
        `the amount ${amount}`,
        `1,"(S1, S3, ${amount})",[S1]`,
        [`line 1: amount "${amount}" ${range}`],
      ],
    ),
    [
      'an amount of a thousand digits',
      `1,"(S1,S3,${'9'.repeat(1000)})",[S1]`,
      [`line 1: amount "${'9'.repeat(60)}…" ${range}`],
    ],
    ['no amount', '1,"(S1, S3, )",[S1]', [`line 1: amount "" ${range}`]],
    [
      'a thousands separator',
      '1,"(S1, S3, 4,500)",[S1]',
      ['line 1: "(S1, S3, 4,500)" is not a transaction: write (from, to, amount), as in (S1, S3, 45)'],
    ],
    [
      'a transaction without amount',
      '1,"(S1, S3)",[S1]',
      ['line 1: "(S1, S3)" is not a transaction: write (from, to, amount), as in (S1, S3, 45)'],
    ],
    [
      'a first row without a set',
      ',"(S1, S3, 45)","[S1, S2]"\n,"(S1, S3, 45)",',
      ['line 1: no set number: the first row begins with one, as in 1,"(S1, S3, 45)","[S1, S2, S3]"'],
    ],
    [
      'a set number that is not a whole number',
      'x,"(S1, S3, 45)",[S1]\n1.5,"(S1, S3, 45)",[S1]',
      [`line 1: set "x" is not a whole number: ${shape}`, `line 2: set "1.5" is not a whole number: ${shape}`],
    ],
    [
      'a set without live list',
      '1,"(S1, S3, 45)",\n,"(S1, S3, 5)","[S1]"',
      ['line 1: set "1" has no live list: end its first row with one, as in "[S1, S2, S3]"'],
    ],
    ['an empty live list', '1,"(S1, S3, 45)",[ ]', ['line 1: the live list is empty: name at least one server']],
    [
      'a live list that changes inside a set',
      '1,"(S1, S3, 45)","[S1, S2]"\n1,"(S3, S1, 5)","[S1, S3]"\n,"(S3, S1, 5)",[S1]',
      [
        'line 2: the live list changes inside set "1", from [S1, S2] to [S1, S3]: begin a new set',
        'line 3: the live list changes inside set "1", from [S1, S2] to [S1]: begin a new set',
      ],
    ],
    [
      'a set that returns after another',
      '1,(S1,S3,45),[S1]\n2,(S1,S3,45),[S1]\n1,(S1,S3,45),[S1]\n,(S1,S3,5)',
      ['line 3: set "1" returns after another set: keep the rows of a set together'],
    ],
    ['a transfer to oneself', '1,"(S1, s1, 45)",[S1]', ['line 1: S1 transfers to itself: name two different accounts']],
    ['text between transactions', '1,"(S1,S3,45) and (S1,S3,5)",[S1]', [`line 1: this row can not be read: ${shape}`]],
    ['an open parenthesis', '1,"(S1,S3,45",[S1]', [`line 1: this row can not be read: ${shape}`]],
    [
      'a transaction in the second line of a cell',
      '1,"(S1,S3,45)\n(S1,S9,45)\n(S1,S2",[S1]',
      [`line 2: unknown account "S9": ${known}`, `line 3: this row can not be read: ${shape}`],
    ],
    [
      'an open bracket',
      '1,"(S1,S3,45)","[S1,S2"',
      ['line 1: "[S1,S2" is not a list of live servers: write [S1, S2, S3]'],
    ],
    ['a flat row that is too short', '1,s1,s3,5,s1\n,s1,s3', [`line 2: this row can not be read: ${shape}`]],
    ['a set number alone', '1,s1,s3,5,s1\n1', [`line 2: this row can not be read: ${shape}`]],
    ['semicolons between cells', '1;"(S1, S3, 45)";"[S1, S2]"\n2,(S1,S3,5),[S1]', [`line 1: ${quotes}`]],
    [
      'a quote that never ends, without hiding what follows',
      '1,"(S1,S3,45)",[S1]\n,"(S1,S3,1),\n,"(S1,S9,1)",\n,"(S1,S3,0)",\n',
      [`line 2: ${quotes}`, `line 3: unknown account "S9": ${known}`, `line 4: amount "0" ${range}`],
    ],
    ['a quote at the end of the file', '1,"(S1,S3,45)",[S1]\n"', [`line 2: ${quotes}`]],
    ['text behind a quote', '1,"(S1,S3,45)"x,[S1]\n2,"(S1,S3,45)",[S1]', [`line 1: ${quotes}`]],
    [
      'a header that is not the first row',
      '1,s1,s3,5,s1\nSet,Transactions,Live',
      [`line 2: this row can not be read: ${shape}`],
    ],
    [
      'an unknown menu command',
      '1,s1,s3,5,s1\nPrntLog\nhelp S1',
      [`line 2: unknown menu command "PrntLog": ${menu}`, `line 3: unknown menu command "help": ${menu}`],
    ],
    [
      'NextIteration',
      '1,s1,s3,5,s1\nNextIteration',
      ['line 2: NextIteration has no place in a file: the next set begins by itself'],
    ],
    [
      'a command before the first set',
      'PrintLog\n1,s1,s3,5,s1',
      ['line 1: a menu command before the first set: commands follow the set they belong to'],
    ],
    [
      'a command that names an unknown server',
      '1,s1,s3,5,s1\nCrashServer S9',
      [`line 2: unknown server "S9": ${known}`],
    ],
    [
      'a command that names an unknown account',
      '1,s1,s3,5,s1\nPrintBalance,x\nBalanceMap account:y',
      [`line 2: unknown account "x": ${known}`, `line 3: unknown account "y": ${known}`],
    ],
    [
      'a command without what it needs',
      '1,s1,s3,5,s1\nCrashServer',
      ['line 2: CrashServer takes one server, not 0 arguments'],
    ],
    [
      'a command with too much',
      '1,s1,s3,5,s1\nCrashServer all\nBalanceMap S1,S2',
      [
        `line 2: unknown server "all": ${known}`,
        'line 3: BalanceMap takes one server or account or all, not 2 arguments',
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('a name that several differ from only in case', () => {
    const options = {
      servers: ['s1', 'S1'],
      accounts: new Map([
        ['a', 's1'],
        ['b', 's1'],
      ]),
    };
    expect(problems('1,"(a,b,1)","[s1,S1]"\n2,"(a,b,1)",[s1]\n3,"(a,B,1)",[ſ1]', options)).toEqual([
      'line 3: unknown server "ſ1": there are S1, s1',
    ]);
    const accounts = new Map(['ab', 'AB', 'c'].map((account) => [account, 's1']));
    expect(problems('1,"(Ab,c,1)",[s1]', { servers: ['s1'], accounts })).toEqual([
      'line 1: account "Ab" may be ab or AB: write it exactly',
    ]);
  });

  test('a long list of known names by its first ten', () => {
    const many = Array.from({ length: 12 }, (_, i) => `S${12 - i}`);
    expect(
      problems('1,"(a,b,1)",[x]', {
        servers: many,
        accounts: new Map([
          ['a', 'S1'],
          ['b', 'S1'],
        ]),
      }),
    ).toEqual(['line 1: unknown server "x": there are S1, S2, S3, S4, S5, S6, S7, S8, S9, S10 and 2 more']);
  });

  test('everything that is wrong at once, in the order of the lines, the first twenty in words', () => {
    const rows = Array.from({ length: 30 }, (_, i) => `,"(S1,S3,${i % 10 === 9 ? 5 : 0})",`);
    const found = problems(['1,"(S1,S3,45)",[S1]', ...rows].join('\n'));
    expect(found).toHaveLength(21);
    expect(found.slice(0, 2)).toEqual([`line 2: amount "0" ${range}`, `line 3: amount "0" ${range}`]);
    expect(found[9]).toBe(`line 12: amount "0" ${range}`);
    expect(found.at(-1)).toBe('and 7 more');
  });

  test('a file of broken quotes without reading it to the end', () => {
    const found = problems('1,"a"b,\n'.repeat(5_000));
    expect(found).toHaveLength(21);
    expect(found[19]).toBe(`line 20: ${quotes}`);
    expect(found[20]).toBe('and 2 more');
  });
});

describe('large files', () => {
  test('10,000 rows with one bad row in the middle are refused with its line', () => {
    const rows = Array.from({ length: 10_000 }, () => ',"(S1, S3, 45)",');
    rows[0] = '1,"(S1, S3, 45)","[S1, S2, S3, S4, S5]"';
    expect(read(rows.join('\n')).sets[0]?.transfers).toHaveLength(10_000);
    rows[4_999] = ',"(S1, S7, 45)",';
    expect(problems(rows.join('\n'))).toEqual(['line 5000: unknown account "S7": there are S1, S2, S3, S4, S5']);
  });

  test('100,000 rows with set and live list on each are read', () => {
    const rows = Array.from(
      { length: 100_000 },
      (_, i) => `${Math.floor(i / 100)},"(S1, S3, 45)","[S1, S2, S3, S4, S5]"`,
    );
    const { sets } = read(rows.join('\n'));
    expect(sets).toHaveLength(1_000);
    expect(sets[999]?.transfers[99]).toEqual({ id: '999-100', from: 'S1', to: 'S3', amount: 45n, line: 100_000 });
  });
});

test('whatever is written in any of its forms is read back', () => {
  const name = fc.constantFrom(...servers);
  const transfer = fc
    .record({ from: name, to: name, amount: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }) })
    .filter(({ from, to }) => from !== to);
  const set = fc.record({
    live: fc.uniqueArray(name, { minLength: 1 }),
    transfers: fc.array(transfer, { minLength: 1, maxLength: 6 }),
    repeat: fc.boolean(),
    flat: fc.boolean(),
    quoted: fc.boolean(),
    lower: fc.boolean(),
    print: fc.boolean(),
  });
  const file = fc.record({ sets: fc.array(set, { maxLength: 5 }), end: fc.constantFrom('\n', '\r\n', '\r') });

  fc.assert(
    fc.property(file, ({ sets, end }) => {
      const rows = sets.flatMap(({ live, transfers, repeat, flat, quoted, lower, print }, index) => {
        const cell = (text: string) => (quoted ? `"${text}"` : text);
        const written = transfers.map(({ from, to, amount }, position) => {
          const head = repeat || position === 0;
          const row = flat
            ? [head ? index : '', from, to, amount, ...(head ? live : [])]
            : [head ? index : '', cell(`(${from}, ${to}, ${amount})`), head ? cell(`[${live.join(', ')}]`) : ''];
          return lower ? row.join(',').toLowerCase() : row.join(',');
        });
        return print ? [...written, 'PrintLog'] : written;
      });
      const back = read(rows.join(end));
      expect(back.sets.map(({ set: number }) => number)).toEqual(sets.map((_, index) => String(index)));
      for (const [index, { live, transfers, print }] of sets.entries()) {
        expect(back.sets[index]?.live).toEqual([...live].sort());
        expect(back.sets[index]?.commands).toHaveLength(print ? 1 : 0);
        expect(back.sets[index]?.transfers.map(({ from, to, amount }) => ({ from, to, amount }))).toEqual(transfers);
      }
    }),
    { seed: 20, numRuns: 300 },
  );
});
