import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { exitCodes } from './exit-codes.js';
import { main } from './main.js';
import { captureOutput, type CapturedOutput } from './testing/captured-output.js';

const before = process.cwd();
let folder: string;
let output: CapturedOutput;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synod-main-'));
  process.chdir(folder);
  output = captureOutput();
});
afterEach(async () => {
  jest.restoreAllMocks();
  process.chdir(before);
  await rm(folder, { recursive: true, force: true });
});

test('--help tells the commands, and is no error', async () => {
  expect(await main(['--help'])).toBe(exitCodes.done);
  expect(output.stdout).toMatch(/Usage: synod/);
  expect(output.stdout).toMatch(/\n {2}up .*\[file\]/);
  expect(output.stdout).toMatch(/\n {2}run .*\[file\]/);
  expect(output.stdout).toMatch(/\n {2}check .*<history\.\.\.>/);
  expect(output.stdout).toMatch(/Exit codes:\n {2}0 {2}done.*\n {2}1 /);
  expect(output.stderr).toBe('');
});

test.each(['up', 'run'])('%s --help tells every flag', async (command) => {
  expect(await main([command, '--help'])).toBe(exitCodes.done);
  for (const flag of ['--servers <n>', '--config', '--initial', '--short', '--concurrent', '--data']) {
    expect(output.stdout).toContain(flag);
  }
});

describe('what is wrong is said on stderr, ends with 2, and nothing was started', () => {
  test.each([
    [[], /Usage: synod/],
    [['start'], /unknown command 'start'/],
    [['run', '--fast'], /unknown option '--fast'/],
    [['run', 'a.csv', 'b.csv'], /too many arguments/],
    [['run', '--servers', 'five'], /'five' is invalid.*whole number/],
    [['run', '--servers', '-1'], /'-1' is invalid/],
    [['run', '--servers', '0'], /^synod: 0 servers: a cluster has 1 to 99\n$/],
    [['run', '--initial', '1.5'], /'1.5' is invalid.*whole number from 0/],
    [['run', '--initial', '99999999999999999999'], /^synod: .*18446744073709551615/],
    [['run', '--short', 'wait'], /'wait' is invalid.*queue, reject/],
    [['run', '--config', 'none.yaml'], /^synod: .*none\.yaml/],
    [['run', '--config', 'x', '--servers', '3'], /^synod: --config names the servers and balances/],
    [['run', 'none.csv'], /^synod: none\.csv: there is no such file/],
    [['up', 'bad.csv'], /^synod: bad\.csv: transaction file refused, nothing was run:\nline 2: S1 transfers to itself/],
  ])('synod %j', async (args, message) => {
    await writeFile('bad.csv', '1,"(S1, S2, 3)","[S1, S2, S3]"\n,"(S1, S1, 3)",\n');
    expect(await main(args)).toBe(exitCodes.usage);
    expect(output.stderr).toMatch(message);
    expect(output.stdout).toBe('');
    expect((await readdir(folder)).sort()).toEqual(['bad.csv']);
  });
});

test('a dump that can not be written is refused before anything starts', async () => {
  expect(await main(['run', '--dump', 'none/dump.json'])).toBe(exitCodes.failed);
  expect(output.stderr).toMatch(/^synod: ENOENT.*none\/dump\.json'\n$/);
  expect(await readdir(folder)).toEqual([]);
});

describe('--json says on stdout what failed, as one object, beside the message on stderr', () => {
  test.each([
    [['run', '--json', '--fast'], 'invalid_argument', "unknown option '--fast'", exitCodes.usage],
    [['check', '--json'], 'invalid_argument', "missing required argument 'history'", exitCodes.usage],
    [['run', '--json', '--config', 'none.yaml'], 'config', 'none.yaml', exitCodes.usage],
    [['run', '--json', '--dump', 'none/dump.json'], 'ENOENT', 'none/dump.json', exitCodes.failed],
  ])('synod %j', async (args, code, message, exitCode) => {
    expect(await main(args)).toBe(exitCode);
    expect(JSON.parse(output.stdout)).toEqual({
      error: { code, message: expect.stringContaining(message), definite: true },
    });
    expect(output.stderr).toContain(message);
  });

  test('not where --json is no flag', async () => {
    expect(await main(['check', '--', '--json'])).toBe(exitCodes.usage);
    expect(output.stderr).toBe('synod: --json: there is no such file; a history (JSON lines) is needed\n');
    expect(output.stdout).toBe('');
  });
});
