import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readSchedule } from '@synod/simulator';
import { exitCodes } from '../exit-codes.js';
import type { SimulationReport } from '../simulate/simulation-report.js';
import { runMain } from '../testing/run-main.js';

const before = process.cwd();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synod-simulate-'));
  process.chdir(folder);
});
afterEach(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true, force: true });
});

/** Seeds in which a disk loses writes that it counts, and that is seen. */
const losing = ['--faults', 'lost-write', '--servers', '3', '--seeds', '1..20'] as const;

describe('synod simulate', () => {
  test.each(['register', 'ledger'])('%s: clean seeds end with 0, counted in words and in JSON', async (system) => {
    const words = await runMain('simulate', system, '--seeds', '1..12');
    expect(words.stdout).toMatch(new RegExp(`^${system}: seeds 1 to 12, 12 clean, 0\\.1 simulated hours in `));
    expect(words.stdout).toMatch(
      /^crash points: after-release \d+, after-write \d+, before-write \d+, during-write \d+$/m,
    );
    const { code, stdout } = await runMain('simulate', system, '--seeds', '1..12', '--json');
    const { seeds, operations, faults, never } = JSON.parse(stdout) as SimulationReport;
    expect([code, seeds, never]).toEqual([exitCodes.done, 12, []]);
    expect(operations).toBeGreaterThan(12 * 200);
    expect(Object.keys(faults)).toContain('torn-tail');
    expect(await readdir(folder)).toEqual([]);
  });

  test.each(['register', 'ledger'])(
    '%s: a violation ends with 1, leaves its schedule, and that replays it',
    async (system) => {
      const { code, stdout } = await runMain('simulate', system, ...losing, '--trace', 'found.json');
      expect(code).toBe(exitCodes.failed);
      expect(stdout).toMatch(/^VIOLATED in seed \d+, at \d+\.\d{3} ms: /m);
      expect(stdout).toMatch(/^1 faults and [1-6] operations lead to it, on S1, S2, S3:$/m);
      expect(stdout).toMatch(/ {"kind":"lost-write",/);
      expect(stdout).toContain('written to found.json; to see it again: synod replay found.json\n');
      const [, what] = /VIOLATED in seed \d+, at [\d.]+ ms: (.*)/.exec(stdout)!;
      const again = await runMain('replay', 'found.json');
      expect([again.code, again.stdout.split('\n')[0]]).toEqual([exitCodes.failed, what]);
    },
  );

  test('of one seed keeps the schedule that was run', async () => {
    expect((await runMain('simulate', 'ledger', '--seeds', '7', '--trace', 'seven.json')).code).toBe(exitCodes.done);
    expect(readSchedule(await readFile('seven.json', 'utf8'))).toMatchObject({ system: 'ledger', seed: 7 });
  });

  test.each([
    [['tokens'], /Allowed choices are register, ledger/],
    [['register', '--seeds', '5..2'], /One seed or a range is needed, for example 1\.\.10000/],
    [['register', '--servers', '1'], /From 2 to 9/],
    [['register', '--seconds', '5'], /from 30 to 3600/],
    [['register', '--faults', 'crash,flood'], /"flood" is none of crash, crash-point, /],
  ])('%j is refused with what would be right', async (args, complaint) => {
    const { code, stderr } = await runMain('simulate', ...args);
    expect([code, stderr]).toEqual([exitCodes.usage, expect.stringMatching(complaint)]);
  });
});
