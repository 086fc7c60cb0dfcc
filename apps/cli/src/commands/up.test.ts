import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Workbench, type Synod } from '../testing/workbench.js';

const all = 'S1, S2, S3, S4, S5';

/** Five sets: all live, all live but short, S5 cut off, S4 listed but soon crashed, all again. */
const file = `1,"(S1, S3, 45) ; (S3, S5, 55) ; (S2, S4, 30) ; (S5, S1, 50) ; (S1, S3, 75)","[${all}]"
2,"(S2, S1, 20)","[S1, S2, S3, S4]"
3,"(S5, S1, 10) ; (S3, S1, 100)","[S1, S2, S3, S4]"
4,"(S4, S1, 5) ; (S1, S4, 10) ; (S2, S1, 160)","[${all}]"
5,"(S4, S1, 40)","[${all}]"
`;

describe('the menu, line by line', () => {
  let bench: Workbench;
  let synod: Synod;
  beforeAll(async () => {
    bench = await Workbench.make();
    await bench.write('file.csv', file);
    synod = bench.start('up', 'file.csv');
    await synod.shows('7. BalanceMap <server>\n');
  });
  afterAll(() => bench.close());

  test('begins with where everything is, and the commands by number', () => {
    expect(synod.stdout).toMatch(
      /^5 servers run: S1 127\.0\.0\.1:\d+, .*S5 127\.0\.0\.1:\d+\nData: .* \(removed at the end; --data DIR keeps it\)\nTransactions: file\.csv, 5 sets\. Output: .*output_\d{8}_\d\d_\d\d\.log\n/,
    );
    expect(synod.stdout).toContain(`1. PrintBalance <client> or all
2. PrintLog <server> or all
3. PrintDB <server> or all
4. Performance <server> or all
5. NextIteration
6. CrashServer <server>
7. BalanceMap <server>
`);
  });

  test('what is wrong is answered with what would be right', async () => {
    expect(await synod.ask('hello')).toBe(
      'unknown command "hello": a number from 1 to 7, PrintBalance, PrintLog, PrintDB, Performance, NextIteration, CrashServer, BalanceMap, RestartServer, Disconnect, Connect, help, quit',
    );
    expect(await synod.ask('printlog S7')).toBe(`there is no server "S7": ${all}, or all`);
    expect(await synod.ask('RestartServer S1')).toBe('S1 runs already');
  });

  test('help tells every command', async () => {
    const help = await synod.ask('help');
    for (const name of ['PrintBalance', 'RestartServer', 'Disconnect', 'Connect', 'quit']) {
      expect(help).toMatch(new RegExp(`^ +${name}\\b`, 'm'));
    }
  });

  test('NextIteration plays one set', async () => {
    expect(await synod.ask('5')).toBe(`Set 1, live ${all}: 5 transfers
  id   transfer     fate
  1-1  S1 → S3: 45  local
  1-2  S3 → S5: 55  local
  1-3  S2 → S4: 30  local
  1-4  S5 → S1: 50  local
  1-5  S1 → S3: 75  consensus
  balances: S1 30, S2 70, S3 90, S4 130, S5 105
  blocks:   S1 1, S2 1, S3 1, S4 1, S5 1`);
  });

  test('PrintBalance, PrintLog, PrintDB and BalanceMap', async () => {
    expect(await synod.ask('PrintBalance s1')).toBe('  account  balance  home\n  S1            30  S1');
    expect(await synod.ask('2 all')).toBe(`S1: 1 transfer in the log, 0 pending
  2. S1 → S3: 75  [1-5]
S2: 0 transfers in the log, 0 pending
S3: 0 transfers in the log, 0 pending
S4: 0 transfers in the log, 0 pending
S5: 0 transfers in the log, 0 pending`);
    expect(await synod.ask('PrintDB S4')).toMatch(
      /^S4: 1 block\n {2}block 1 {2}ballot \(1, S1\) {2}proposer S1 {2}hash [0-9a-f]{16}… {2}4 transfers\n {4}S1 #1 {2}S1 → S3: 45 {2}\[1-1\]\n.*\n.*\n {4}S5 #1 .*$/,
    );
    expect(await synod.ask('7 S3')).toBe(`  server  blocks   S1  S2  S3   S4   S5
  S3           1  105  70  90  130  105`);
    expect(await synod.ask('BalanceMap account:S3')).toBe(`  S3 on      balance
  S1              90
  S2              90
  S3              90
  S4              90
  S5              90
  aggregate      165
  aggregate: committed blocks plus all local logs, without consensus`);
    expect((await synod.ask('BalanceMap all')).split('\n')).toHaveLength(6);
  });

  test('Performance tells of methods and transfers; as JSON too', async () => {
    const text = await synod.ask('Performance S1');
    expect(text).toMatch(/^S1\n {2}RPC method +count +total ms +mean +p50 +p99\n/);
    expect(text).toMatch(/2 transfers: mean [\d.]+ ms, p50 [\d.]+, p99 [\d.]+, [\d.]+\/s\n {4}1-\d {2}/);
    const facts = JSON.parse(await synod.ask('Performance S1 --json')) as {
      servers: [{ report: { requests: { count: number } } }];
    };
    expect(facts.servers[0].report.requests.count).toBe(2);
  });

  test('sets go on without a crashed server, whose log and blocks can still be read', async () => {
    expect(await synod.ask('CrashServer S4')).toBe(
      'S4 is killed (SIGKILL). Its log and blocks can still be printed; RestartServer S4 starts it again.',
    );
    expect(bench.servers()).toHaveLength(4);
    expect(await synod.ask('6 s4')).toBe('S4 has crashed: RestartServer S4 starts it again');
    expect(await synod.ask('PrintLog S4')).toBe(
      'S4 (crashed, from its data directory): 0 transfers in the log, 0 pending',
    );
    expect(await synod.ask('PrintDB S4')).toMatch(/^S4 \(crashed, from its data directory\): 1 block\n/);
    expect(await synod.ask('BalanceMap S4')).toMatch(/S4 \(crashed, from its data directory\) +1 +105 /);
    expect(await synod.ask('PrintBalance S4')).toMatch(/130 {2}S4 \(crashed, from its data directory\)/);
    expect(await synod.ask('Performance S4')).toBe('S4 (crashed): no figures, they are not kept on disk');

    expect(await synod.ask('NextIteration')).toMatch(
      /^Set 2: S4 should be live, but has crashed\.\nSet 2, live S1, S2, S3: 1/,
    );
    expect(await synod.ask('NextIteration')).toContain(
      '3-1  S5 → S1: 10   skipped    S5, its home, is not live in this set',
    );
    const fourth = await synod.ask('NextIteration');
    expect(fourth).toContain('4-1  S4 → S1: 5    skipped  S4, its home, has crashed');
    expect(fourth).toContain('4-3  S2 → S1: 160  pending  insufficient funds');
    expect(fourth).toContain('S4 (crashed)');
  });

  test('RestartServer catches up at once, without a transfer', async () => {
    const [, blocks] = /S1 +(\d+) /.exec(await synod.ask('BalanceMap S1'))!;
    expect(Number(blocks)).toBeGreaterThan(1);
    expect(await synod.ask('RestartServer S4')).toBe(`S4 runs again on its data and has caught up: ${blocks} blocks.`);
    expect(await synod.ask('BalanceMap S4')).toMatch(new RegExp(`S4 +${blocks} `));
    expect(bench.servers()).toHaveLength(5);
  });

  test('Disconnect and Connect', async () => {
    expect(await synod.ask('Disconnect S5')).toBe(
      'S5 is cut off from S1, S2, S3, S4, until Connect S5 or the next set.',
    );
    expect(await synod.ask('PrintLog S5')).toMatch(/^S5 \(disconnected\): /);
    expect(await synod.ask('Connect S5')).toBe('S5 is linked to S1, S2, S3, S4.');
    expect(await synod.ask('PrintLog S5')).toMatch(/^S5: /);
  });

  test('after the last set it says so', async () => {
    expect(await synod.ask('NextIteration')).toMatch(/^Set 5, live /);
    expect(await synod.ask('NextIteration')).toBe('All 5 sets have been played.');
  });

  test('two servers without links, started anew, do not find each other', async () => {
    await synod.ask('Disconnect S4');
    await synod.ask('Disconnect S5');
    await synod.ask('CrashServer S4');
    await synod.ask('CrashServer S5');
    expect(await synod.ask('RestartServer S4')).toMatch(/^S4 runs again .* has no link before the next\.$/);
    expect(await synod.ask('RestartServer S5')).toMatch(/^S5 runs again .* has no link before the next\.$/);
    expect(await synod.ask('Connect S4')).toBe('S4 is linked to S1, S2, S3.');
    expect(await synod.ask('Connect S5')).toBe('S5 is linked to S1, S2, S3, S4.');
  });

  test('without a majority every command answers within three seconds, and says why', async () => {
    for (const server of ['S3', 'S4', 'S5']) await synod.ask(`CrashServer ${server}`);
    const slow: string[] = [];
    for (const line of [
      'PrintBalance all',
      'PrintLog all',
      'PrintDB all',
      'Performance all',
      'NextIteration',
      'BalanceMap all',
      'BalanceMap account:S1',
      'Disconnect S2',
      'Connect S2',
      'Disconnect S3',
      'Connect S3',
      'CrashServer S3',
      'help',
    ]) {
      const began = performance.now();
      const answer = await synod.ask(line);
      expect(`${line}: ${answer}`).toMatch(/: .+/);
      if (performance.now() - began > 3000) slow.push(line);
    }
    expect(slow).toEqual([]);
    expect(await synod.ask('Disconnect S3')).toBe('S3 has crashed: RestartServer S3 starts it again');
  });

  test('quit ends all servers, removes the data and leaves every shown line in the output log', async () => {
    synod.type('quit');
    expect(await synod.exit).toEqual({ code: 0, signal: null });
    expect(synod.stderr).toBe('');
    expect(bench.servers()).toEqual([]);
    expect(bench.logs()).toEqual([synod.stdout]);
    expect(bench.files().filter((name) => !name.startsWith('output_'))).toEqual(['file.csv']);
  });
});

describe('without a terminal', () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.make();
  });
  afterAll(() => bench.close());

  test('input that ends at once plays all sets and prints what each left', async () => {
    await bench.write(
      'test.csv',
      '1,"(S1, S2, 150) ; (S2, S1, 60)","[S1]"\n2,"(S2, S1, 60)","[S1, S2, S3]"\nPrintLog S1\n3,"(S3, S1, 1)","[S1, S2, S3]"\n',
    );
    const { code, stdout, stderr } = await bench.run('up', '--servers', '3');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('1-1  S1 → S2: 150  pending  no majority');
    expect(stdout).toContain('Set 3, live S1, S2, S3: 1 transfer\n');
    expect(stdout).toContain('> PrintLog S1\nS1: ');
    expect(bench.logs()).toEqual([stdout]);
    expect(bench.servers()).toEqual([]);
  });

  test('commands that are piped in are done one after the other; the end of the input ends it all', async () => {
    const synod = bench.start('up', '--servers', '3');
    for (const line of ['5', 'CrashServer S3', 'RestartServer S3', '5', '5', '5']) synod.type(line);
    synod.end();
    expect(await synod.exit).toEqual({ code: 0, signal: null });
    expect(synod.stdout.match(/^> .*/gm)).toEqual([
      '> 5',
      '> CrashServer S3',
      '> RestartServer S3',
      '> 5',
      '> PrintLog S1',
      '> 5',
      '> 5',
    ]);
    expect(synod.stdout).toContain('  1-1, pending since an earlier set: consensus\n');
    expect(synod.stdout).toContain('All 3 sets have been played.');
    expect(bench.servers()).toEqual([]);
  });
});
