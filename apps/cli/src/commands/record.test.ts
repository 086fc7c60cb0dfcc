import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { freeAddresses } from '@synod/cluster';
import { readHistory } from '@synod/linearizability';
import { loadRegisterConfig } from '@synod/tokens';
import type { Judgement } from '../check/judgement.js';
import { exitCodes } from '../exit-codes.js';
import { LocalRegisters } from '../local-cluster/local-registers.js';
import { main } from '../main.js';
import type { RecordingSummary } from '../record/summary.js';
import { captureOutput } from '../testing/captured-output.js';
import { Workbench } from '../testing/workbench.js';

/** What `--json` prints. */
type Printed = RecordingSummary & { readonly seed: number; readonly judgement?: Judgement };

describe('what is wrong is said on stderr, ends with 2, and nothing was started or written', () => {
  const before = process.cwd();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'synod-record-'));
    process.chdir(folder);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    process.chdir(before);
    await rm(folder, { recursive: true, force: true });
  });

  test.each([
    [[], "required option '--history <out>' not specified"],
    [['--servers', '0'], "'0' is invalid. From 1 to 99."],
    [['--servers', '100'], "'100' is invalid. From 1 to 99."],
    [['--clients', 'many'], "'many' is invalid. A whole number is needed."],
    [['--read-share', '2'], "'2' is invalid. A number from 0 to 1 is needed"],
    [['--faults', 'kill,fire'], '"fire" is none of kill, pause, silence, partition, disk, or all.'],
    [['--connect', 'here'], '"here" is not host:port, for example'],
    [['--connect', '127.0.0.1:1', '--servers', '3'], "cannot be used with option '--servers <n>'"],
    [['--connect', '127.0.0.1:1', '--faults', 'kill'], "cannot be used with option '--faults <kinds>'"],
  ])('synod record %j', async (args, message) => {
    const output = captureOutput();
    const history = args.length === 0 ? [] : ['--history', 'h.jsonl'];
    expect(await main(['record', ...history, ...args])).toBe(exitCodes.usage);
    expect(output.stderr).toContain(message);
    expect(output.stdout).toBe('');
    expect(await readdir(folder)).toEqual([]);
  });

  test('a file that can not be written', async () => {
    const output = captureOutput();
    expect(await main(['record', '--history', 'none/h.jsonl'])).toBe(exitCodes.failed);
    expect(output.stderr).toMatch(/^synod: ENOENT.*none\/h\.jsonl'\n$/);
  });

  test('nobody at the address', async () => {
    const output = captureOutput();
    expect(await main(['record', '--history', 'h.jsonl', '--connect', '127.0.0.1:1'])).toBe(exitCodes.failed);
    expect(output.stderr).toBe('synod: 127.0.0.1:1 cannot be reached\n');
  });
});

describe('with real servers', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await Workbench.make();
  });
  afterEach(() => bench.close());

  test('it starts some, records, tells, decides, and leaves only the history', async () => {
    const flags = ['--history', 'h.jsonl', '--seconds', '2', '--keys', '3', '--clients', '4', '--seed', '7'];
    const { code, stdout, stderr } = await bench.run('record', ...flags, '--faults', 'kill');
    expect({ code, stderr }).toMatchObject({ code: exitCodes.done });
    expect(stderr).toContain('3 servers, 4 clients, 3 keys, seed 7\n');
    expect(stdout).toMatch(/^[\d,]+ operations in \d+\.\d\d s: /);
    expect(stdout).toMatch(/\n {2}r1 .*\n {2}r2 .*\n {2}r3 /);
    expect(stdout).toMatch(/\nh\.jsonl: linearizable\n/);
    expect(bench.files()).toEqual(['h.jsonl']);
    expect(bench.servers()).toEqual([]);
    expect((await bench.run('check', 'h.jsonl')).code).toBe(exitCodes.done);
  });

  test('it connects to a cluster that runs; tokens stand for registers where there are no others', async () => {
    const [first, second] = (await freeAddresses(2)) as [string, string];
    const configFile = join(bench.folder, 'tokens.yaml');
    const token = (id: string, writer: string) => ({ token: id, writer, readers: [first, second] });
    await bench.write('tokens.yaml', JSON.stringify([token('1', first), token('2', second)]));
    const config = await loadRegisterConfig(configFile);
    const local = await LocalRegisters.start({ config, configFile, directory: join(bench.folder, 'data') });
    try {
      const token1 = local.client.token('1');
      await token1.write({ name: 'somebody else', domain: { low: 0n, mid: 1n, high: 9n } });
      const flags = ['--history', 'h.jsonl', '--seconds', '1', '--rate', '100', '--clients', '3', '--json'];
      const { code, stdout, stderr } = await bench.run('record', ...flags, '--connect', second);
      expect({ code, stderr }).toMatchObject({ code: exitCodes.done });
      const { keys, judgement, operations, faults } = JSON.parse(stdout) as Printed;
      expect(keys.map(({ key }) => key)).toEqual(['1', '2']);
      expect(judgement).toMatchObject({ verdict: 'linearizable', keys: 2, tags: { violated: [] } });
      expect(new Set(Object.values(faults))).toEqual(new Set([0]));
      const history = readHistory(bench.read('h.jsonl'));
      expect(history).toHaveLength(operations.ok + operations.fail + operations.info);
      const names = history.filter(({ f, key }) => f === 'write' && key === '1').map(({ value }) => value);
      expect(names).toContain((await token1.read()).token.name);
    } finally {
      await local.stop();
    }
  });

  test('--no-check leaves the verdict out', async () => {
    const { code, stdout } = await bench.run(
      'record',
      ...['--history', 'h.jsonl', '--servers', '1', '--seconds', '1', '--rate', '50', '--no-check', '--json'],
    );
    expect(code).toBe(exitCodes.done);
    expect((JSON.parse(stdout) as Printed).judgement).toBeUndefined();
  });

  test('SIGINT ends it, the servers and their data', async () => {
    const synod = bench.start('record', '--history', 'h.jsonl', '--seconds', '600', '--faults', 'all');
    await synod.shows('clients', 'stderr');
    expect(await synod.kill('SIGINT')).toEqual({ code: exitCodes.failed, signal: null });
    expect(synod.stderr).toMatch(/\nsynod: ended by SIGINT\n$/);
    expect(bench.servers()).toEqual([]);
    expect(bench.files()).toEqual(['h.jsonl']);
  });

  test('a server that ends by itself ends it, and that is told', async () => {
    const synod = bench.start('record', '--history', 'h.jsonl', '--seconds', '600');
    await synod.shows('clients', 'stderr');
    process.kill(bench.servers()[0]!, 'SIGKILL');
    expect((await synod.exit).code).toBe(exitCodes.failed);
    expect(synod.stderr).toMatch(/\nsynod: server S[123] ended: signal SIGKILL\n$/);
    expect(bench.servers()).toEqual([]);
  });
});
