import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pty } from '@synod/pty';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { untilRestored } from './testing/until-restored.js';
import { untilSeen } from './testing/until-seen.js';
import { Workbench, type Synod } from './testing/workbench.js';

/** One small set, and one that takes a while: nobody has enough, so each transfer needs a round. */
const long = `1,"(S1, S2, 45)","[S1, S2, S3]"
2,"(S1, S2, 1)","[S1, S2, S3]"
${Array.from({ length: 3000 }, (_, i) => `,"(S${(i % 3) + 1}, S${((i + 1) % 3) + 1}, 90)",`).join('\n')}
`;

/** Prints on stderr from within every server, all the time. */
const noise = `if (/paxos-server/.test(process.argv[1])) {
  setInterval(() => process.stderr.write('\\u001b[2Ja stray line\\n'), 100).unref();
}
`;

const short = '1,"(S1, S2, 45)","[S1, S2]"\n';

const ctrlC = '\u0003';
const esc = '\u001b';

/** One screen fills the terminal: the header in the first line, the keys in the last one but one, nothing twice. */
const isWhole = (screen: readonly string[]) =>
  screen[0]!.startsWith(' Synod ') &&
  screen[1]!.includes('[') &&
  screen.at(-2)!.includes('q quit') &&
  screen.at(-1) === '' &&
  screen.filter((line) => line.startsWith(' Synod ') || line.includes('q quit')).length === 2;

/** Waits for one whole screen that shows all of this. */
function whole(pty: Pty, ...texts: readonly string[]): Promise<void> {
  const missing = (screen: readonly string[]) => texts.filter((text) => !screen.some((line) => line.includes(text)));
  return untilSeen(
    pty,
    (screen) => isWhole(screen) && missing(screen).length === 0,
    (screen) => (isWhole(screen) ? `not on the screen: ${missing(screen).join(', ')}` : 'not one whole screen:'),
  );
}

describe('servers that were started here', () => {
  let bench: Workbench;
  let pty: Pty;
  beforeAll(async () => {
    bench = await Workbench.make();
    await bench.write('file.csv', long);
    await bench.write('noise.mjs', noise);
    const env = { NODE_OPTIONS: `--import=${pathToFileURL(join(bench.folder, 'noise.mjs')).href}` };
    pty = bench.openOn({ env }, 'up', '--servers', '3', 'file.csv');
    await whole(pty, '3 of 3 up', 'Next  5 Enter plays set 1 of 2');
  }, 240_000);
  afterAll(() => bench.close());

  test('a terminal of another size is filled by one whole screen', async () => {
    for (const [columns, rows] of [
      [200, 60],
      [80, 24],
      [40, 10],
      [80, 24],
    ] as const) {
      pty.resize(columns, rows);
      await whole(pty);
      pty.press('l');
      await whole(pty, '[l Ledger');
      pty.press('c');
      await whole(pty, '[c Cluster');
    }
  });

  test('what servers print on stderr does not get onto the screen', async () => {
    pty.press('5\r');
    await whole(pty, 'balances: S1 55, S2 100, S3 100');
    pty.press('e');
    await whole(pty, '[e Events', 'S1 → S2: 45');
    expect(pty.screen.join('\n')).not.toContain('stray');
    pty.press('c');
    await whole(pty, '[c Cluster');
  });

  test('a server that somebody kills is down, with the reason, and can be started again', async () => {
    pty.press('j');
    await whole(pty, '>S2');
    process.kill(bench.server('S2'), 'SIGKILL');
    await whole(pty, '2 of 3 up', '✗ S2 down', 'S2  ✗ down: signal SIGKILL', ': RestartServer S2 starts it again');
    pty.press(':RestartServer S2\r');
    await whole(pty, '3 of 3 up', 'S2 runs again on its data');
  });

  test('a server that stands still is silent, and answers again when it goes on', async () => {
    const pid = bench.server('S3');
    process.kill(pid, 'SIGSTOP');
    await whole(pty, '2 of 3 up', '◐ S3 silent');
    process.kill(pid, 'SIGCONT');
    await whole(pty, '3 of 3 up');
  });

  test('Ctrl-C while a set is played leaves a terminal as it was, no server, and no data', async () => {
    pty.press(':5\r');
    await whole(pty, '5  … running', ' of 3,001 transfers');
    pty.press(ctrlC);
    await untilRestored(pty, 0);
    expect(pty.screen.join('\n')).toMatch(/^Output: .*\.log/);
    expect(bench.servers()).toEqual([]);
    expect(bench.files().filter((name) => !/^(output_.*|file\.csv|noise\.mjs|state)$/.test(name))).toEqual([]);
  });
});

describe.each(['SIGTERM', 'SIGHUP'] as const)('%s', (signal) => {
  test('leaves a terminal as it was, no server, and no data', async () => {
    const bench = await Workbench.make();
    await bench.write('file.csv', short);
    try {
      const pty = bench.open('up', '--servers', '2', 'file.csv');
      await whole(pty, '2 of 2 up');
      process.kill(bench.launcher(), signal);
      await untilRestored(pty, 1);
      expect(pty.screen.join('\n')).toContain(`synod: ended by ${signal}`);
      expect(bench.servers()).toEqual([]);
      expect(bench.files().filter((name) => !/^(output_.*|file\.csv|state)$/.test(name))).toEqual([]);
    } finally {
      await bench.close();
    }
  });
});

describe('servers that run elsewhere', () => {
  let bench: Workbench;
  let owner: Synod;
  let address: string;
  const open = async (env: Readonly<Record<string, string>> = {}) => {
    const pty = bench.openOn({ env }, 'tui', '--connect', address);
    await whole(pty, '3 of 3 up');
    return pty;
  };
  beforeAll(async () => {
    bench = await Workbench.make();
    await bench.write('file.csv', short);
    owner = bench.start('up', '--servers', '3', 'file.csv');
    await owner.shows('7. BalanceMap <server>\n');
    [address] = /127\.0\.0\.1:\d+/.exec(owner.stdout)! as unknown as [string];
  }, 240_000);
  afterAll(() => bench.close());

  describe('Ctrl-C leaves a terminal as it was, and the servers as they are,', () => {
    test.each([
      ...[...'clbgrpet'].map((key) => [`in view ${key}`, key, `[${key} `]),
      ['in the command line', ':Print', ': Print'],
      ['in the filter', 'e/S1', '/ S1'],
      ['in the help', '?', 'Keys'],
    ])('%s', async (_, keys, shown) => {
      const pty = await open();
      pty.press(keys);
      await pty.shows(shown);
      pty.press(ctrlC);
      await untilRestored(pty, 0);
      expect(pty.screen.join('\n')).not.toContain('Synod ');
      expect(bench.servers()).toHaveLength(3);
    });
  });

  test('NO_COLOR leaves out every colour', async () => {
    const colours = await open();
    expect(colours.hasColours).toBe(true);
    const none = await open({ NO_COLOR: '1' });
    expect(none.hasColours).toBe(false);
    for (const pty of [colours, none]) pty.press('q');
    await untilRestored(colours, 0);
    await untilRestored(none, 0);
  });

  test('without a terminal on both ends it says so, and ends with the code of wrong usage', async () => {
    const pty = bench.openShell(
      {},
      `synod tui --connect ${address} < /dev/null; echo "code $?"; synod tui --connect ${address} | cat`,
    );
    await pty.until(
      (screen) => screen.filter((line) => line.startsWith('synod: synod tui needs a terminal')).length === 2,
    );
    await pty.shows('code 2');
    await untilRestored(pty, 0);
  });

  test('synod up of which only the output is a terminal is the menu, with commands from a file', async () => {
    await bench.write('commands', '5\nPrintBalance S1\n');
    const pty = bench.openShell({}, 'synod up --servers 2 file.csv < commands');
    await untilRestored(pty, 0);
    expect(pty.screen.join('\n')).toMatch(/> PrintBalance S1\n.*\n {2}S1 +55 {2}S1\n/);
  });

  test('all servers that are lost are shown so, and all are back as they come back', async () => {
    const pty = await open();
    for (const server of ['S1', 'S2', 'S3']) await owner.ask(`CrashServer ${server}`);
    await whole(
      pty,
      '0 of 3 up',
      '✗ S1 down',
      '✗ S2 down',
      '✗ S3 down',
      'Next  no server answers. Start them where they were started.',
    );
    pty.press(':PrintBalance all\r');
    await whole(pty, 'S3 does not answer, and its data is not on this machine');
    pty.press(esc);
    await pty.until((screen) => isWhole(screen) && !screen.some((line) => line.includes('Esc close')));
    for (const server of ['S1', 'S2', 'S3']) owner.type(`RestartServer ${server}`);
    await whole(pty, '3 of 3 up');
    pty.press('q');
    await untilRestored(pty, 0);
  });
});
