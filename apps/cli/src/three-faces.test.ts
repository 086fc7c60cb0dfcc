import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pty } from '@synod/pty';
import { freePorts } from '@synod/cluster';
import { standsOn, wordsOfLines, type JsonFacts } from './testing/lines-of-json.js';
import { resultOf, roomyTerminal } from './testing/result-panel.js';
import { Workbench, type Synod } from './testing/workbench.js';

/** After the first set S2 waits for money and the log of S1 holds a transfer; in the second one S2 gets the money. */
const file = `1,"(S2, S1, 150)","[S1, S2, S3]"
,"(S1, S3, 45)",
,"(S3, S1, 50)",
,"(S1, S3, 105)",
2,"(S3, S2, 60)","[S1, S2, S3]"
,"(S1, S2, 5)",
`;

let bench: Workbench;
/** The line menu of a ledger and of registers, and the terminal on the same servers. */
let menu: Synod;
let terminal: Pty;
/** The terminal of a ledger of its own, which can kill and start servers; the same file is played there. */
let owner: Pty;
/** Register servers. */
let a: string;
let b: string;
let c: string;

beforeAll(async () => {
  bench = await Workbench.make();
  [a, b, c] = (await freePorts(3)).sort((one, other) => one - other).map((port) => `127.0.0.1:${port}`) as [
    string,
    string,
    string,
  ];
  await bench.write('file.csv', file);
  await bench.write(
    'tokens.yaml',
    `- { token: 101, writer: '${a}', readers: ['${b}', '${c}'] }\n- { token: 102, writer: '${b}', readers: ['${c}'], name: abc, domain: [5, 14, 20] }\n`,
  );
  menu = bench.start('up', '--servers', '3', '--registers', 'tokens.yaml', 'file.csv');
  owner = bench.openOn(roomyTerminal, 'up', '--servers', '3', 'file.csv');
  await menu.shows('   Unsilence <server> [token]\n');
  const [first] = /127\.0\.0\.1:\d+/.exec(menu.stdout)!;
  terminal = bench.openOn(roomyTerminal, 'tui', '--connect', `${first},${a}`, 'file.csv');
  await terminal.shows('6 of 6 up');
  await owner.shows('3 of 3 up');
}, 240_000);
afterAll(() => bench.close());

/** Who has not played the set names its transfers by their ids on the wire. */
const withoutRun = (text: string) => text.replace(/\b[0-9a-f]{12}\//g, '');
const inMenu = async (line: string) => withoutRun(await menu.ask(line)).split('\n');
const inJson = async (line: string) => JSON.parse(withoutRun(await menu.ask(`${line} --json`))) as JsonFacts;
async function onTerminal(line: string, pty = terminal): Promise<string[]> {
  const { failed, lines } = await resultOf(pty, line);
  expect({ line, failed, lines }).toMatchObject({ failed: false });
  return lines.map(withoutRun);
}

/** All that the JSON holds stands on lines of the text, in its order. */
function expectSameFacts(lines: readonly string[], facts: JsonFacts): void {
  let rest = lines;
  for (const words of wordsOfLines(facts)) {
    const at = rest.findIndex((line) => standsOn(line, words));
    if (at < 0) throw new Error(`"${words.join(' ')}" stands on none of these lines:\n${rest.join('\n')}`);
    rest = rest.slice(at + 1);
  }
}

describe('every command tells the same on the terminal, in the line menu and as JSON:', () => {
  test('NextIteration', async () => {
    const first = await inMenu('NextIteration');
    expect(first).toContain('  1-1  S2 → S1: 150  pending    insufficient funds: S2 holds 100, 150 needed');
    expect(first).toContain('  1-4  S1 → S3: 105  consensus');
    expect(await onTerminal('NextIteration', owner)).toEqual(first);
  });

  test.each([
    ['PrintBalance', ['PrintBalance S1', '1 all']],
    ['PrintLog', ['PrintLog S1', '2 all']],
    ['PrintDB', ['PrintDB S3', '3 all']],
    ['BalanceMap of a server, of an account, of all', ['BalanceMap S2', '7 account:S1', 'BalanceMap all']],
    ['Tokens', ['Tokens']],
    ['ReadToken', ['ReadToken 102']],
  ])('%s', async (_, lines) => {
    for (const line of lines) {
      const found = await inMenu(line);
      expect(await onTerminal(line)).toEqual(found);
      expectSameFacts(found, await inJson(line));
    }
  });

  test('Tokens, scrolled through where not all of it can be seen', async () => {
    const found = await inMenu('Tokens');
    terminal.resize(roomyTerminal.columns, 16);
    expect(await onTerminal('Tokens')).toEqual(found);
    expect(terminal.screen.join('\n')).toContain(`of ${found.length}, ↑↓ scroll`);
    terminal.resize(roomyTerminal.columns, roomyTerminal.rows);
    await terminal.until((screen) => screen.at(-2)!.includes('q quit'));
  });

  test('Performance', async () => {
    // What changes from one moment to the next is left out.
    const lasting = (lines: readonly string[]) =>
      lines.map((line) => line.replace(/^( {2}\w+\/\w+|  RPC method).*/, '$1').replace(/, [\d.]+\/s$/, ''));
    for (const line of ['Performance S1', `4 ${b}`, 'Performance all']) {
      await inMenu(line); // asking for it is a request that shows from then on
      const found = await inMenu(line);
      expect(lasting(await onTerminal(line))).toEqual(lasting(found));
      expectSameFacts(found, await inJson(line));
    }
  });

  test('WriteToken, each write with a tag of its own', async () => {
    const line = 'WriteToken 101 abc 1 5 25';
    const told = (counter: number) =>
      `token 101 "abc" [1, 5, 25)  partial x=4 (hash 2207634929195471568)  tag ${counter}@${a}`;
    expect(await inMenu(line)).toEqual([told(1)]);
    expect(await onTerminal(line)).toEqual([told(2)]);
    expectSameFacts([told(3)], await inJson(line));
    const found = await inMenu('ReadToken 101');
    expect(found).toEqual([told(3).replace('  tag', '  final x=15 (hash 902613196918738813)  tag')]);
    expect(await onTerminal('ReadToken 101')).toEqual(found);
    expectSameFacts(found, await inJson('ReadToken 101'));
  });

  test('DropToken and CreateToken', async () => {
    expect(await inMenu('DropToken 101')).toEqual([`token 101 dropped  tag 4@${a}`]);
    expect(await inMenu('CreateToken 101')).toEqual([`token 101 created  tag 5@${a}`]);
    expect(await onTerminal('DropToken 101')).toEqual([`token 101 dropped  tag 6@${a}`]);
    expect(await onTerminal('CreateToken 101')).toEqual([`token 101 created  tag 7@${a}`]);
    expectSameFacts([`token 101 dropped  tag 8@${a}`], await inJson('DropToken 101'));
    expectSameFacts([`token 101 created  tag 9@${a}`], await inJson('CreateToken 101'));
  });

  // What is so already is done again, and told in the same words.
  test.each([
    ['Silence', () => [`Silence ${c} 102`, `Silence ${b}`]],
    ['Tokens of which some are silent', () => ['Tokens']],
    ['Unsilence', () => [`Unsilence ${c} 102`, `Unsilence ${b}`]],
    ['Disconnect', () => ['Disconnect S3', `Disconnect ${c}`]],
    ['PrintLog and Tokens of who is disconnected', () => ['PrintLog S3', 'Tokens']],
    ['Connect', () => ['Connect S3', `Connect ${c}`]],
  ])('%s', async (_, lines) => {
    for (const line of lines()) {
      const found = await inMenu(line);
      expect(await onTerminal(line)).toEqual(found);
      expectSameFacts(found, await inJson(line));
    }
  });

  test('CrashServer', async () => {
    const found = await inMenu('CrashServer S3');
    expect(await onTerminal('CrashServer S3', owner)).toEqual(found);
    await inMenu('RestartServer S3');
    expectSameFacts(found, await inJson('CrashServer S3'));
  });

  test('PrintBalance, PrintLog and BalanceMap of a server that has crashed', async () => {
    for (const line of ['PrintBalance S3', 'PrintLog S3', 'BalanceMap all']) {
      const found = await inMenu(line);
      expect(found.join('\n')).toContain('S3 (crashed, from its data directory)');
      expect(await onTerminal(line, owner)).toEqual(found);
      expectSameFacts(found, await inJson(line));
    }
  });

  test('RestartServer', async () => {
    const found = await inMenu('RestartServer S3');
    expect(found).toEqual(['S3 runs again on its data and has caught up: 1 block.']);
    expect(await onTerminal('RestartServer S3', owner)).toEqual(found);
    await inMenu('CrashServer S3');
    expectSameFacts(found, await inJson('RestartServer S3'));
  });

  test('NextIteration of the last set, and after it', async () => {
    const found = await onTerminal('5', owner);
    expect(found).toContain('  1-1, pending since an earlier set: consensus');
    expectSameFacts(found, await inJson('5'));
    expect(await inMenu('5')).toEqual(['All 2 sets have been played.']);
    expect(await onTerminal('5', owner)).toEqual(['All 2 sets have been played.']);
    expectSameFacts(['All 2 sets have been played.'], await inJson('5'));
  });
});
