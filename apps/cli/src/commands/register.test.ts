import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../exit-codes.js';
import { RegisterServers } from '../testing/register-servers.js';
import { runMain } from '../testing/run-main.js';
import { Workbench } from '../testing/workbench.js';

let servers: RegisterServers;
beforeAll(async () => {
  servers = await RegisterServers.start({ tokens: ['101'] });
});
afterAll(() => servers.close());

const done = (stdout: string) => ({ code: exitCodes.done, stdout, stderr: '' });
const refused = (message: string) => ({ code: exitCodes.refused, stdout: '', stderr: `synod: ${message}\n` });
const inFolder = (name: string) => join(servers.folder, name);

test('the life of a register, asked of exactly one server', async () => {
  expect(await runMain('get', 'one/a', ...servers.at('S3'))).toEqual(done('register one/a never written\n'));
  expect(await runMain('put', 'one/a', 'blue sky', ...servers.at('S1'))).toEqual(
    done('register one/a written  tag 1@S1\n'),
  );
  expect(await runMain('get', 'one/a', ...servers.at('S2'))).toEqual(done('register one/a "blue sky"  tag 1@S1\n'));
  expect(await runMain('delete', 'one/a', ...servers.at('S1'))).toEqual(done('register one/a deleted  tag 2@S1\n'));
  expect(await runMain('get', 'one/a', ...servers.at('S3'))).toEqual(done('register one/a deleted  tag 2@S1\n'));
});

describe('the right server is found; --json answers one object', () => {
  test.each<[string, string, () => string[]]>([
    ['--connect', 'one/connect', () => ['--connect', servers.addressOf('S3')]],
    ['--config', 'one/config', () => ['--config', inFolder('cluster.yaml')]],
  ])('%s', async (_way, key, flags) => {
    const answer = async (...command: string[]) => {
      const { code, stdout, stderr } = await runMain(...command, '--json', ...flags());
      expect({ code, stderr }).toEqual({ code: exitCodes.done, stderr: '' });
      return JSON.parse(stdout) as unknown;
    };
    expect(await answer('get', key)).toEqual({ key, value: null, tag: null });
    expect(await answer('put', key, 'blue')).toEqual({ key, tag: [1, 'S1'] });
    expect(await answer('get', key)).toEqual({ key, value: 'blue', tag: [1, 'S1'] });
    expect(await answer('delete', key)).toEqual({ key, tag: [2, 'S1'] });
    expect(await answer('get', key)).toEqual({ key, value: null, tag: [2, 'S1'] });
  });
});

test.each(['', '-1', '--', '{"a": 1}', '\u2028', 'ä€😀'])('the text %j is written as it is', async (text) => {
  expect((await runMain('put', ...servers.at('S1'), 'any/text', '--', text)).code).toBe(exitCodes.done);
  const { stdout } = await runMain('get', 'any/text', '--json', ...servers.at('S2'));
  expect(JSON.parse(stdout)).toMatchObject({ value: text });
});

describe('each refusal is an error of its own', () => {
  test.each([
    [['put', 'one/a', 'x'], 'S2', 'S2 may not write "one/a": ask S1'],
    [['delete', 'one/a'], 'S3', 'S3 may not write "one/a": ask S1'],
    [['get', 'pair'], 'S1', 'S1 holds no replica of "pair": ask S2 or S3'],
    [['get', 'none'], 'S1', 'no register "none" is configured'],
    [['put', '../..', 'x'], 'S1', 'no register "../.." is configured'],
    [['watch', '__proto__'], 'S1', 'no register "__proto__" is configured'],
  ])('%j at %s', async (command, at, message) => {
    expect(await runMain(...command, ...servers.at(at))).toEqual(refused(message));
  });

  test.each([
    ['get', 'none'],
    ['put', 'none', 'x'],
    ['watch', 'none'],
  ])('%s %s of a cluster', async (...command) => {
    expect(await runMain(...command, '--connect', servers.addressOf('S1'))).toEqual(
      refused('no register "none" is configured'),
    );
  });

  test.each([
    ['', 'key is empty'],
    ['x'.repeat(2 ** 20), 'key is longer than 512 characters'],
    ['any/\uFFFD', 'key is not valid Unicode'],
  ])('of a key that none can be (%#), in the words of the wire', async (key, message) => {
    expect(await runMain('get', key, ...servers.at('S1'))).toEqual({
      code: exitCodes.usage,
      stdout: '',
      stderr: `synod: ${message}\n`,
    });
  });

  test('of the register of a token, which the token service alone writes', async () => {
    const { code, stderr } = await runMain('put', 'token/101', 'x', ...servers.at('S1'));
    expect(code).toBe(exitCodes.usage);
    expect(stderr).toBe('synod: key "token/101" holds token "101": use the token service\n');
  });
});

describe('--file', () => {
  const bytes = Buffer.from([0, 255, 10, 13, 0xc3]);

  test('carries bytes that are no text, unchanged', async () => {
    await writeFile(inFolder('in'), bytes);
    expect(await runMain('put', 'any/file', '--file', inFolder('in'), ...servers.at('S1'))).toMatchObject({ code: 0 });
    const { code, stdout } = await runMain('get', 'any/file', '--file', inFolder('out'), ...servers.at('S2'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: `register any/file in ${inFolder('out')}  tag 1@S1\n` });
    expect(await readFile(inFolder('out'))).toEqual(bytes);
    const json = await runMain('get', 'any/file', '--json', ...servers.at('S2'));
    expect(JSON.parse(json.stdout)).toEqual({
      key: 'any/file',
      value: null,
      base64: bytes.toString('base64'),
      tag: [1, 'S1'],
    });
  });

  test('takes a value of 1 MiB, and refuses a longer one before it is sent', async () => {
    await writeFile(inFolder('long'), Buffer.alloc(2 ** 20));
    expect(await runMain('put', 'any/long', '--file', inFolder('long'), ...servers.at('S1'))).toMatchObject({
      code: 0,
    });
    await writeFile(inFolder('long'), Buffer.alloc(2 ** 20 + 1));
    expect(await runMain('put', 'any/long', '--file', inFolder('long'), ...servers.at('S1'))).toMatchObject({
      code: exitCodes.usage,
      stderr: `synod: ${inFolder('long')}: has more than 1048576 bytes: a value has at most so many\n`,
    });
  });

  test('is left alone where there is no value', async () => {
    const before = await readdir(servers.folder);
    const get = () => runMain('get', 'any/none', '--file', inFolder('none'), ...servers.at('S1'));
    expect(await get()).toEqual(
      refused('register "any/none" was never written: there is nothing to write into a file'),
    );
    await runMain('delete', 'any/none', ...servers.at('S1'));
    expect(await get()).toEqual(refused('register "any/none" was deleted: there is nothing to write into a file'));
    expect(await readdir(servers.folder)).toEqual(before);
  });

  test('that can not be written ends with 1', async () => {
    await runMain('put', 'any/x', 'x', ...servers.at('S1'));
    const { code, stderr } = await runMain('get', 'any/x', '--file', inFolder('none/x'), ...servers.at('S1'));
    expect(code).toBe(exitCodes.failed);
    expect(stderr).toMatch(/^synod: ENOENT.*none\/x'\n$/);
  });
});

describe('as a process', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await Workbench.make();
  });
  afterEach(() => bench.close());

  test('put - reads stdin to its end, get --file - writes the bytes alone', async () => {
    const put = bench.start('put', 'any/stdin', '-', ...servers.at('S1'));
    put.type('one');
    put.type('two');
    put.end();
    expect(await put.exit).toEqual({ code: exitCodes.done, signal: null });
    const { code, stdout } = await bench.run('get', 'any/stdin', '--file', '-', ...servers.at('S2'));
    expect({ code, stdout }).toEqual({ code: exitCodes.done, stdout: 'one\ntwo\n' });
  });
});
