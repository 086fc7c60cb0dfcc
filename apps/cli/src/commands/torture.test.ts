import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { failpointNames as ledgerFailpoints } from '@synod/paxos-server';
import { failpointNames as registerFailpoints } from '@synod/register-server';
import { exitCodes } from '../exit-codes.js';
import { main } from '../main.js';
import { faultClasses, faultClassNames, type FaultClass } from '../nemesis/fault.js';
import { captureOutput } from '../testing/captured-output.js';
import { Workbench } from '../testing/workbench.js';
import type { TortureReport } from '../torture/report.js';

/** `SECONDS=600 SEED=7 npm run soak`. */
const isSoak = process.env['npm_lifecycle_event'] === 'soak';
const seconds = Number(process.env['SECONDS'] ?? (isSoak ? 180 : 5));
const seed = Number(process.env['SEED'] ?? 2);

/** A test that fails ends all the same. */
const patienceMs = (2 * seconds + 300) * 1000;

/** Faults of a class that were made. */
const made = ({ faults }: TortureReport, name: FaultClass) =>
  faultClasses[name].reduce((sum, kind) => sum + faults[kind], 0);

describe('what is wrong is said on stderr, ends with 2, and nothing was started or written', () => {
  const before = process.cwd();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'synod-torture-'));
    process.chdir(folder);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    process.chdir(before);
    await rm(folder, { recursive: true, force: true });
  });

  test.each<[string[], string]>([
    [['bank'], "'bank' is invalid for argument 'system'. Allowed choices are register, ledger."],
    [['register', '--servers', '2'], "'2' is invalid. From 3 to 9."],
    [['register', '--faults', 'fire'], '"fire" is none of kill, pause, silence, partition, disk, or all.'],
    [['register', '--dump', 'd.json'], '--dump: a torture of a register writes a history: --history OUT'],
    [['ledger', '--history', 'h.jsonl'], '--history: a torture of a ledger writes a dump: --dump OUT'],
  ])('synod torture %j', async (args, message) => {
    const output = captureOutput();
    expect(await main(['torture', ...args])).toBe(exitCodes.usage);
    expect(output.stderr).toContain(message);
    expect(output.stdout).toBe('');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('with real servers', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await Workbench.make();
  });
  afterEach(() => bench.close());

  /** It lasts longer where the machine is slow: until each class of faults was made. */
  const flags = ['--seconds', `${seconds}`, '--seed', `${seed}`, '--json'];

  test(
    'registers: every class of faults is made and counted, servers are killed at failpoints, and all is judged',
    async () => {
      const { code, stdout, stderr } = await bench.run('torture', 'register', ...flags, '--history', 'h.jsonl');
      expect(`${code} ${stderr}`).toMatch(/^0 /);
      const report = JSON.parse(stdout) as TortureReport;
      expect(report).toMatchObject({ system: 'register', servers: 3, verdict: 'good', problems: [] });
      expect(report.judgement).toMatchObject({ verdict: 'linearizable', tags: { violated: [] } });
      expectCounted(report, registerFailpoints, stderr);
      for (const name of ['introduce:after-write', 'acquainted:before-write']) {
        expect(report.failpoints[name]).toBeGreaterThan(0);
      }
      expect(bench.files()).toEqual(['h.jsonl']);
      expect(bench.servers()).toEqual([]);
      expect((await bench.run('check', 'h.jsonl')).code).toBe(exitCodes.done);
    },
    patienceMs,
  );

  test(
    'a ledger: the same; a server that lost its disk refuses to start, and the others hold one chain',
    async () => {
      const { code, stdout, stderr } = await bench.run('torture', 'ledger', ...flags, '--dump', 'd.json');
      expect(`${code} ${stderr}`).toMatch(/^0 /);
      const report = JSON.parse(stdout) as TortureReport;
      expect(report).toMatchObject({ system: 'ledger', servers: 3, verdict: 'good', problems: [] });
      expectCounted(report, ledgerFailpoints, stderr);
      expect(report.lost?.servers).toHaveLength(1);
      expect(report.operations['executed']).toBeGreaterThan(0);
      expect(bench.files()).toEqual(['d.json']);
      expect(bench.servers()).toEqual([]);
      const again = await bench.run('check', '--ledger', 'd.json');
      expect(again).toMatchObject({ code: exitCodes.done, stdout: expect.stringMatching(/^d\.json: sound\n/) });
    },
    patienceMs,
  );

  /** What is counted is what was told as it happened. */
  function expectCounted(report: TortureReport, names: readonly string[], stderr: string): void {
    expect(Object.keys(report.failpoints).sort()).toEqual([...names].sort());
    const told = (line: RegExp) => stderr.split('\n').filter((it) => line.test(it)).length;
    expect(Object.values(report.failpoints).reduce((sum, n) => sum + n, 0)).toBe(told(/ killed S\d at /));
    for (const name of faultClassNames) {
      expect(made(report, name)).toBeGreaterThan(0);
      for (const kind of faultClasses[name]) {
        expect(report.faults[kind]).toBe(told(new RegExp(`^ *[\\d.]+  ${kind} `)));
      }
    }
  }

  test('SIGINT ends it, the servers and their data', async () => {
    const synod = bench.start('torture', 'register', '--seconds', '600');
    await synod.shows('killed', 'stderr');
    expect(await synod.kill('SIGINT')).toEqual({ code: exitCodes.failed, signal: null });
    expect(synod.stderr).toMatch(/\nsynod: ended by SIGINT\n$/);
    expect(bench.servers()).toEqual([]);
    expect(bench.files()).toEqual([]);
  }, 60_000);

  test('a server that ends by itself ends it; its data stays, and it is told where', async () => {
    const synod = bench.start('torture', 'register', '--seconds', '600', '--faults', 'pause');
    await synod.shows('  pause S', 'stderr');
    process.kill(bench.server('S1'), 'SIGKILL');
    expect((await synod.exit).code).toBe(exitCodes.failed);
    expect(synod.stderr).toMatch(/\nsynod: server S1 ended: signal SIGKILL\. Its data is in .*\n$/);
    expect(bench.servers()).toEqual([]);
    expect(bench.files()).toEqual([expect.stringMatching(/^synod-record-/)]);
  }, 60_000);
});
