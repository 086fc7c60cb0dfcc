import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '@synod/kernel';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { RegisterServers } from '../testing/register-servers.js';
import { runMain } from '../testing/run-main.js';

const strange = 'a b/../__proto__';
let servers: RegisterServers;
beforeAll(async () => {
  servers = await RegisterServers.start({ tokens: ['101', 'cluster', strange, 'new', 'dropped', 'silent', '10'] });
});
afterAll(() => servers.close());

const domain = ['--name', 'abc', '--low', '1', '--mid', '5', '--high', '25'];
const token = (what: string, id: string, ...flags: string[]) => runMain('token', what, '--id', id, ...flags);
const done = (stdout: string) => ({ code: exitCodes.done, stdout, stderr: '' });
// The checks of docs/registers.md.
const partial = 'partial x=4 (hash 2207634929195471568)';
const final = 'final x=15 (hash 902613196918738813)';

test('the life of a token, asked of exactly one server', async () => {
  const [atWriter, atReader] = [servers.at('S1'), servers.at('S2')];
  expect(await token('write', '101', ...domain, ...atWriter)).toEqual(
    done(`token 101 "abc" [1, 5, 25)  ${partial}  tag 1@S1\n`),
  );
  const whole = `token 101 "abc" [1, 5, 25)  ${partial}  ${final}  tag 1@S1\n`;
  expect(await token('read', '101', ...atReader)).toEqual(done(whole));
  expect(await token('read', '101', ...atWriter)).toEqual(done(whole));
  expect(await token('drop', '101', ...atWriter)).toEqual(done('token 101 dropped  tag 2@S1\n'));
  expect(await token('create', '101', ...atWriter)).toEqual(done('token 101 created  tag 3@S1\n'));
});

describe('the right server is found', () => {
  test.each<[string, string, () => string[]]>([
    ['--connect, by a server that may not', 'cluster', () => ['--connect', servers.addressOf('S3')]],
    ['--connect, by several, one of them dead', strange, () => ['--connect', `127.0.0.1:1,${servers.addressOf('S2')}`]],
    ['--config', '10', () => ['--config', join(servers.folder, 'cluster.yaml')]],
  ])('%s; --json answers one object', async (_how, id, flags) => {
    const states = { partial: { x: 4, hash: '2207634929195471568' }, final: { x: 15, hash: '902613196918738813' } };
    const written = { id, name: 'abc', domain: { low: 1, mid: 5, high: 25 }, partial: states.partial, tag: [1, 'S1'] };
    const answers: [string, string[], object][] = [
      ['write', domain, written],
      ['read', [], { ...written, final: states.final }],
      ['drop', [], { id, tag: [2, 'S1'] }],
      ['create', [], { id, tag: [3, 'S1'] }],
    ];
    for (const [what, more, answer] of answers) {
      const { code, stdout, stderr } = await token(what, id, ...more, '--json', ...flags());
      expect({ code, stderr, answer: JSON.parse(stdout) as unknown }).toEqual({ code: 0, stderr: '', answer });
    }
  });
});

test('numbers above 2^53-1 lose no digit, in text and in JSON; where low = mid there is no partial state', async () => {
  const high = ['--low', '18446744073709551614', '--mid', '18446744073709551614', '--high', '18446744073709551615'];
  const text = await token('write', '101', '--name', 'abc', ...high, ...servers.at('S1'));
  expect(text.stdout).toContain('[18446744073709551614, 18446744073709551614, 18446744073709551615)  partial none  ');
  const { stdout } = await token('write', '101', '--name', 'abc', ...high, '--json', ...servers.at('S1'));
  const numbers = { low: '18446744073709551614', mid: '18446744073709551614', high: '18446744073709551615' };
  expect(JSON.parse(stdout)).toMatchObject({ domain: numbers, partial: null });
});

test('a server lists the tokens that it holds, a cluster all, with who may', async () => {
  const held = ['10', '101', '"a b/../__proto__"', 'cluster', 'dropped', 'new', 'silent'];
  const list = (...flags: string[]) => runMain('token', 'list', ...flags);
  expect(await list(...servers.at('S2'))).toEqual(done(['token', ...held].map((line) => `  ${line}\n`).join('')));
  expect(await list(...servers.at('S3'))).toEqual(done('no tokens\n'));
  expect((await list('--connect', servers.addressOf('S3'))).stdout).toMatch(/^ {2}token +writer {2}replicas\n/);
  expect(JSON.parse((await list('--json', ...servers.at('S1'))).stdout)).toMatchObject({
    tokens: [{ id: '10' }, {}, {}, {}, {}, {}, {}],
  });
  const { stdout } = await list('--json', '--connect', servers.addressOf('S3'));
  const { tokens } = JSON.parse(stdout) as { tokens: object[] };
  expect(tokens).toContainEqual({ id: '101', writer: 'S1', replicas: ['S1', 'S2'] });
});

describe('each refusal is an error of its own', () => {
  test.each<[string, string, string, ErrorCode, ExitCode, string]>([
    ['create', '101', 'S1', 'exists', exitCodes.refused, 'token "101" exists'],
    ['read', 'dropped', 'S2', 'dropped', exitCodes.refused, 'token "dropped" was dropped: create it first'],
    ['drop', 'dropped', 'S1', 'dropped', exitCodes.refused, 'token "dropped" was dropped: create it first'],
    ['read', 'new', 'S2', 'never_written', exitCodes.refused, 'token "new" was never written'],
    ['read', 'none', 'S1', 'unknown_token', exitCodes.refused, 'no token "none" is configured'],
    ['read', '/', 'S1', 'unknown_token', exitCodes.refused, 'no token "/" is configured'],
    ['read', '..', 'S1', 'unknown_token', exitCodes.refused, 'no token ".." is configured'],
    ['drop', '__proto__', 'S1', 'unknown_token', exitCodes.refused, 'no token "__proto__" is configured'],
    [
      'create',
      'new',
      'S2',
      'unauthorised',
      exitCodes.refused,
      'token "new" is written, created and dropped at S1, not at S2',
    ],
    ['read', 'new', 'S3', 'unauthorised', exitCodes.refused, 'token "new" is read at S1, S2, not at S3'],
  ])('%s %s at %s: %s', async (what, id, at, code, exitCode, message) => {
    if (id === 'dropped') await token('drop', id, ...servers.at('S1'));
    const ran = await token(what, id, '--json', ...servers.at(at));
    expect(ran).toMatchObject({ code: exitCode, stderr: `synod: ${message}\n` });
    expect(JSON.parse(ran.stdout)).toEqual({ error: { code, message, definite: true } });
    expect(await token(what, id, ...servers.at(at))).toEqual({ code: exitCode, stdout: '', stderr: ran.stderr });
  });

  test('of a write to a reader: exactly that server is asked, a cluster goes on to the writer', async () => {
    const refused = 'synod: token "new" is written, created and dropped at S1, not at S2\n';
    expect(await token('write', 'new', ...domain, ...servers.at('S2'))).toMatchObject({
      code: exitCodes.refused,
      stderr: refused,
    });
    expect(await token('write', '10', ...domain, '--connect', servers.addressOf('S2'))).toMatchObject({ code: 0 });
  });

  test.each(['--connect', '--host'])('of a range beyond the bound, by %s', async (way) => {
    const flags = way === '--host' ? servers.at('S1') : ['--connect', servers.addressOf('S1')];
    const long = ['--name', 'abc', '--low', '0', '--mid', '1', '--high', '10000001'];
    expect(await token('write', '101', ...long, ...flags)).toMatchObject({
      code: exitCodes.usage,
      stderr: 'synod: domain: [0, 10000001) has 10000001 numbers: the range bound is 10000000\n',
    });
  });

  test('of an unknown token, by a cluster', async () => {
    expect(await token('read', 'none', '--connect', servers.addressOf('S1'))).toMatchObject({
      code: exitCodes.refused,
      stderr: 'synod: no token "none" is configured\n',
    });
  });

  test('of another cluster', async () => {
    const scheme = join(servers.folder, 'tokens.yaml');
    expect(await token('read', '101', '--config', scheme)).toMatchObject({
      code: exitCodes.refused,
      stderr: "synod: this server belongs to cluster 'test', not to 'tokens'\n",
    });
  });
});

describe('nobody there is no answer, and it did not happen', () => {
  test.each([
    [['--host', '127.0.0.1', '--port', '1'], /^synod: 127\.0\.0\.1:1 cannot be reached\n$/],
    [
      ['--connect', '127.0.0.1:1', '--timeout', '0.2'],
      /^synod: .* could not be sent in 200 ms: .*127\.0\.0\.1:1 cannot be reached\n$/,
    ],
  ])('%j', async (flags, message) => {
    const { code, stderr, stdout } = await token('write', '101', ...domain, '--json', ...flags);
    expect(code).toBe(exitCodes.unreachable);
    expect(stderr).toMatch(message);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'unavailable', definite: true } });
  });
});

describe('where one server is silent', () => {
  afterAll(() => runMain('unsilence', ...servers.at('S1')));

  test('a read was not answered, a write is of unknown outcome and says so; other tokens are served', async () => {
    expect((await runMain('silence', '--token', 'silent', ...servers.at('S1'))).code).toBe(exitCodes.done);
    const soon = ['--timeout', '0.2', ...servers.at('S1')];
    const late = `${servers.addressOf('S1')} did not answer in 0.2 s`;
    expect(await token('read', 'silent', ...soon)).toEqual({
      code: exitCodes.unreachable,
      stdout: '',
      stderr: `synod: ${late}\n`,
    });
    const written = await token('write', 'silent', ...domain, '--json', ...soon);
    expect(written).toMatchObject({ code: exitCodes.unknown, stderr: `synod: outcome unknown: ${late}\n` });
    expect(JSON.parse(written.stdout)).toEqual({
      error: { code: 'deadline', message: `outcome unknown: ${late}`, definite: false },
    });
    const byCluster = await token(
      'write',
      'silent',
      ...domain,
      '--connect',
      servers.addressOf('S2'),
      '--timeout',
      '0.2',
    );
    expect(byCluster.code).toBe(exitCodes.unknown);
    expect(byCluster.stderr).toMatch(/^synod: outcome unknown: .*\n$/);
    expect((await token('create', '101', ...servers.at('S1'))).code).toBe(exitCodes.refused);
  });
});

test('without a majority a write is of unknown outcome, and a read did not happen', async () => {
  await servers.stop('S2');
  try {
    const written = await token('write', '101', ...domain, '--json', ...servers.at('S1'));
    expect(written.code).toBe(exitCodes.unknown);
    expect(written.stderr).toMatch(/^synod: outcome unknown: no majority .*\n$/);
    expect(JSON.parse(written.stdout)).toMatchObject({ error: { code: 'no_quorum', definite: false } });
    const read = await token('read', '101', ...servers.at('S1'));
    expect(read).toMatchObject({
      code: exitCodes.unreachable,
      stderr: expect.stringMatching(/^synod: no majority .*\n$/),
    });
  } finally {
    await servers.start('S2');
  }
});
