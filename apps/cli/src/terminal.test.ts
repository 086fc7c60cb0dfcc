import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { untilRestored } from './testing/until-restored.js';
import { Workbench } from './testing/workbench.js';

const file = '1,"(S1, S2, 45)","[S1, S2, S3]"\n2,"(S2, S3, 5)","[S1, S2, S3]"\n';
const up = ['up', '--servers', '3', 'file.csv'];

let bench: Workbench;
beforeEach(async () => {
  bench = await Workbench.make();
  await bench.write('file.csv', file);
});
afterEach(() => bench.close());

const leftovers = () => bench.files().filter((name) => !/^(output_.*|file\.csv|state)$/.test(name));

describe('synod up on a terminal', () => {
  test('shows the cluster; a set is played; what was killed is told; q leaves nothing but the output log', async () => {
    const pty = bench.open(...up);
    await pty.shows('3 of 3 up');
    await pty.shows('5 Enter plays set 1 of 2');
    pty.press('5');
    await pty.shows('plays set 1 of 2: 1 transfer, live S1 S2 S3');
    pty.press('\r');
    await pty.shows('balances: S1 55, S2 100, S3 100');
    pty.press('6 S2');
    await pty.shows('kills the process of S2 (SIGKILL)');
    pty.press('\r');
    await pty.shows('killed (SIGKILL)');
    expect(bench.servers()).toHaveLength(2);
    pty.press('q');
    await untilRestored(pty, 0);
    expect(pty.screen.join('\n')).toMatch(/^Output: .*output_\d{8}_\d\d_\d\d\.log/);
    expect(bench.servers()).toEqual([]);
    expect(leftovers()).toEqual([]);
    const [log] = bench.logs();
    expect(log).toMatch(
      /^3 servers run: .*\n.*\n.*\n> 5\nSet 1, live S1, S2, S3: 1 transfer\n[^]*\n> 6 S2\nS2 is killed /,
    );
    expect(bench.read('state/synod/history')).toBe('5\n6 S2\n');
  });

  test('--plain is the line menu', async () => {
    const pty = bench.open(...up, '--plain');
    await pty.shows('7. BalanceMap <server>');
    expect(pty.isAlternate).toBe(false);
    pty.press('1 S1\r');
    await pty.shows('  S1           100  S1');
    pty.press('quit\r');
    await untilRestored(pty, 0);
    expect(bench.servers()).toEqual([]);
  });

  test('what is wrong is told by its one line, and nothing is started', async () => {
    const pty = bench.open('up', 'none.csv');
    await pty.shows('synod: none.csv: there is no such file; a transaction file (CSV) is needed');
    await untilRestored(pty, 2);
    expect(leftovers()).toEqual([]);
  });

  // Only Linux ends servers with the process that started them (setpriv --pdeathsig).
  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux('SIGKILL of the process behind it leaves a whole terminal, no server and no data', async () => {
    const pty = bench.open(...up);
    await pty.shows('3 of 3 up');
    process.kill(bench.keeper(), 'SIGKILL');
    await untilRestored(pty, 137);
    expect(pty.screen.join('\n')).toContain('synod: ended by SIGKILL');
    await bench.untilNoServers();
    expect(leftovers()).toEqual([]);
  });

  test('SIGTERM of the process behind it leaves in good order', async () => {
    const pty = bench.open(...up);
    await pty.shows('3 of 3 up');
    process.kill(bench.keeper(), 'SIGTERM');
    await untilRestored(pty, 1);
    expect(pty.screen.join('\n')).toContain('synod: ended by SIGTERM');
    expect(bench.servers()).toEqual([]);
    expect(leftovers()).toEqual([]);
  });
});

describe('synod tui', () => {
  test('opens a cluster that another process has started, drives it, and leaves it as it is', async () => {
    const owner = bench.start(...up);
    await owner.shows('7. BalanceMap <server>\n');
    const [address] = /127\.0\.0\.1:\d+/.exec(owner.stdout)!;
    const pty = bench.open('tui', '--connect', address, 'file.csv');
    await pty.shows('3 of 3 up');
    pty.press('6 S2');
    await pty.shows('S2 was started elsewhere: kill its process there');
    pty.press('\u001b');
    await pty.shows('A number or : begins a command.');
    pty.press('5\r');
    await pty.shows('balances: S1 55, S2 100, S3 100');
    pty.press(':Disconnect S3\r');
    await pty.shows('S3 is cut off from S1, S2, until Connect S3 or the next set.');
    expect(await owner.ask('CrashServer S3')).toMatch(/^S3 is killed/);
    await pty.shows('✗ S3 down');
    pty.press(':PrintLog S3\r');
    await pty.shows('S3 does not answer, and its data is not on this machine');
    pty.press('q');
    await untilRestored(pty, 0);
    expect(await owner.ask('PrintBalance S1')).toMatch(/S1 +55 {2}S1/);
  });
});
