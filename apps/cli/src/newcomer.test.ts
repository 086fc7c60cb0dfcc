import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Newcomer } from './testing/newcomer.js';
import { untilRestored } from './testing/until-restored.js';
import { Workbench } from './testing/workbench.js';

/**
 * S2 is short of money in the first set, and gets it in the second. Of each set the last transfer needs a round: led by
 * S1, then by S4.
 */
const file = `set,transaction,live servers
1,"(S2, S4, 150)","[S1, S2, S3, S4, S5]"
,"(S1, S3, 45)",
,"(S3, S5, 55)",
,"(S5, S1, 50)",
,"(S1, S3, 75)",
2,"(S5, S2, 100)","[S1, S2, S3, S4, S5]"
,"(S1, S4, 5)",
,"(S3, S4, 60)",
,"(S4, S3, 120)",
`;

interface Timeline {
  readonly servers: readonly string[];
  readonly messages: readonly {
    readonly type: string;
    readonly subject: string;
    readonly from: string;
    readonly to: string;
    readonly fate: string;
  }[];
  readonly states: readonly { readonly server: string; readonly state: string }[];
}

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.make();
  await bench.write('file.csv', file);
});
afterAll(() => bench.close());

test('who has read nothing but the screen plays a set, sees why a transfer waits, crashes the leader, sees the others go on, restarts it, sees it catch up, and takes the picture of it home', async () => {
  const pty = bench.open('up', 'file.csv');
  const person = new Newcomer(pty);

  await person.sees(
    '5 of 5 up',
    'You see a bank on 5 servers',
    'File file.csv  2 sets',
    'Next  5 Enter plays set 1 of 2',
  );
  const pids = bench.servers();
  expect(pids).toHaveLength(5);
  person.press('5', '5 Enter plays set 1 of 2');
  await person.sees(': 5', '✓ Enter plays set 1 of 2: 5 transfers, live S1 S2 S3 S4 S5');
  person.press('\r', 'Enter plays set 1');
  await person.sees('── 5  ✓ done', /1-1 +S2 → S4: 150 +pending +insufficient funds/, /1-5 +S1 → S3: 75 +consensus/);
  await person.closes();

  // Why a transfer waits.
  await person.sees(
    'height 1',
    'Set 1 (1 of 2)  done  5 transfers',
    /1-1 +S2 → S4: 150 +… pending +insufficient funds: S2 holds 100/,
    'g shows what waits',
  );
  person.press('g', 'g shows what waits');
  await person.sees('[g Log]', '1 transfer in local logs, 1 pending', /S2 +… pending +S2 → S4: 150 +1-1/);
  person.press('c', 'c Cluster');

  // The server that led dies.
  const before = await person.sees('[c Cluster]', /Round .* led by S\d {2}✓ committed/, '6 CrashServer');
  const leader = /^Round .*\(\d+, (S\d)\), height 1 led by \1 /m.exec(before)![1]!;
  expect(leader).toBe('S1');
  person.press('6', '6 CrashServer');
  await person.sees('6 CrashServer <server>', 'usage: CrashServer <server> (S1, S2, S3, S4, S5)');
  person.press(` ${leader}`, 'CrashServer <server>');
  await person.sees(`✓ Enter kills the process of ${leader} (SIGKILL)`);
  person.press('\r', 'Enter kills');
  await person.sees(
    `✗ ${leader} down`,
    '4 of 5 up',
    `${leader}  ✗ down: killed (SIGKILL)`,
    `${leader} is killed (SIGKILL).`,
  );
  expect(bench.servers()).toHaveLength(4);
  await person.closes();

  // The others go on.
  await person.sees(`Next  ${leader} is down; the others go on.`, '5 NextIteration', 'A number or : begins a command');
  person.press('5', '5 NextIteration');
  await person.sees(`✓ Enter plays set 2 of 2: 4 transfers, live S1 S2 S3 S4 S5; ${leader} has crashed`);
  person.press('\r', 'Enter plays set 2');
  await person.sees('── 5  ✓ done', `Set 2: ${leader} should be live, but has crashed.`, '↑↓ scroll, Esc closes');
  await person.closes();
  const after = await person.sees(
    'height 2',
    /Round .*height 2 led by S\d {2}✓ committed/,
    /promised 4 of 5: .* {3}accepted [34] of 5/,
    /2-4 +S4 → S3: 120 +◆ consensus/,
    /1-1 +S2 → S4: 150 +◆ consensus +pending since an earlier set/,
    `: RestartServer ${leader} starts it again`,
  );
  const successor = /^Round .* led by (S\d) /m.exec(after)![1]!;
  expect(successor).toBe('S4');

  // It comes back, and catches up.
  person.press(':', ': RestartServer');
  await person.sees('RestartServer <server>', 'start a crashed server on its data', 'Enter do it');
  person.press(`RestartServer ${leader}`, 'RestartServer <server>');
  await person.sees(`✓ Enter starts ${leader} again on its data`);
  person.press('\r', 'Enter starts');
  await person.sees(`${leader} runs again on its data and has caught up: 2 blocks.`, '5 of 5 up', 'Esc closes');
  await person.closes();
  const heights = await person.sees('5 of 5 up', 'all sets have been played', 't the last round');
  expect(heights.match(/^.S\d +● up +· +\d+ /gm)!.map((row) => row.trim().split(/\s+/).at(-1))).toEqual(
    Array(5).fill('2'),
  );

  // The picture of it.
  person.press('t', 't the last round');
  await person.sees('[t Timeline]', `${leader} up`, '► following', '↑ move');
  await person.movesUpTo(`${leader} down`);
  await person.sees(`${leader} down`, `, ${successor}), height 2 ──`, 'x export');
  person.press('x', 'x export');
  await person.sees('✓ written: ', 'q quit');
  const names = bench.files().filter((name) => name.startsWith('synod-timeline-'));
  expect(names.map((name) => name.replace(/.*\./, ''))).toEqual(['json', 'svg']);
  expectFailover(JSON.parse(bench.read(names[0]!)) as Timeline, leader, successor);
  expectPicture(bench.read(names[1]!), leader, successor);

  person.press('q', 'q quit');
  await untilRestored(pty, 0);
  expect(bench.servers()).toEqual([]);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  expect(bench.files().filter((name) => !/^(output_.*|file\.csv|state|synod-timeline-.*)$/.test(name))).toEqual([]);
}, 600_000);

/** A round of each, that of the successor without the leader, between its end and its return. */
function expectFailover({ servers, messages, states }: Timeline, leader: string, successor: string): void {
  expect(servers).toEqual(['S1', 'S2', 'S3', 'S4', 'S5']);
  const changes = states.filter(({ server }) => server === leader).map(({ state }) => state);
  expect([changes[changes.indexOf('down')], changes.at(-1)]).toEqual(['down', 'up']);
  const commits = messages.filter(({ type }) => type === 'commit');
  const ofLeader = commits.filter(({ from, subject }) => from === leader && subject.endsWith('height 1'));
  expect(ofLeader.map(({ to, fate }) => `${to} ${fate}`).sort()).toEqual(
    ['S2', 'S3', 'S4', 'S5'].map((to) => `${to} arrived`),
  );
  const ofSuccessor = commits.filter(({ from, subject }) => from === successor && subject.endsWith('height 2'));
  expect(
    ofSuccessor
      .filter(({ fate }) => fate === 'arrived')
      .map(({ to }) => to)
      .sort(),
  ).toEqual(['S2', 'S3', 'S5']);
}

/** A lane for each server, both rounds, and the crash on the lane of the one that led. */
function expectPicture(svg: string, leader: string, successor: string): void {
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" [^>]*>[^]*<\/svg>\n?$/);
  for (const server of ['S1', 'S2', 'S3', 'S4', 'S5']) expect(svg).toMatch(new RegExp(`<text [^>]*>${server}</text>`));
  for (const [server, height] of [
    [leader, 1],
    [successor, 2],
  ] as const) {
    expect(svg).toMatch(
      new RegExp(`<title>commit, ballot \\(\\d+, ${server}\\), height ${height}: ${server} to S\\d, arrived<`),
    );
  }
  const [, below] = new RegExp(`<text x="10" y="(\\d+)">${leader}</text>`).exec(svg)!;
  const y = Number(below) - 4;
  expect(svg).toMatch(new RegExp(`<line class="lane down" x1="[\\d.]+" y1="${y}" x2="[\\d.]+" y2="${y}"/>`));
  expect(svg).toContain('✗ down</text>');
}
