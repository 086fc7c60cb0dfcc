import { describe, expect, test } from '@jest/globals';
import { exitCodes } from '../exit-codes.js';
import { runMain } from '../testing/run-main.js';

const at = ['--host', '127.0.0.1', '--port', '8000'];
const max = '18446744073709551615';

/** Flags of a write of a token, with some others in their place. */
function write(flags: Record<string, string>): string[] {
  const given = { '--id': '101', '--name': 'abc', '--low': '0', '--mid': '1', '--high': '2', ...flags };
  return ['token', 'write', ...Object.entries(given).flat()];
}

describe('a wrong number is refused in one clear line, and nothing is sent', () => {
  test.each(['--low', '--mid', '--high'])('%s', async (flag) => {
    for (const text of ['abc', '-1', '1.5', '', ' 1', '0x10', '1e3', '18446744073709551616', '９']) {
      const { code, stderr, stdout } = await runMain(...write({ [flag]: text }), ...at);
      expect(stderr).toBe(`synod: ${flag}: ${JSON.stringify(text)} is not a whole number from 0 to ${max}\n`);
      expect({ code, stdout }).toEqual({ code: exitCodes.usage, stdout: '' });
    }
  });

  test('as --flag=value too, and with --json as an object', async () => {
    const { code, stdout } = await runMain(...write({}), '--low=-1', '--json', ...at);
    const message = `--low: "-1" is not a whole number from 0 to ${max}`;
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'invalid_argument', message, definite: true } });
    expect(code).toBe(exitCodes.usage);
  });
});

describe('what can be no domain, id or name is refused with the words of the wire, before anything is sent', () => {
  test.each<[string, Record<string, string>]>([
    ['domain: low > mid (2 > 1): low <= mid < high', { '--low': '2', '--high': '5' }],
    ['domain: mid >= high (2 >= 2): low <= mid < high', { '--mid': '2' }],
    ['name: has 1025 bytes: at most 1024', { '--name': 'x'.repeat(1025) }],
    ['id: is empty', { '--id': '' }],
    ['id: has 1048576 bytes: at most 256', { '--id': 'x'.repeat(2 ** 20) }],
    ['id: holds a control character', { '--id': 'a\u0000b' }],
  ])('%s', async (message, flags) => {
    for (const target of [at, ['--connect', '127.0.0.1:8000']]) {
      expect(await runMain(...write(flags), ...target)).toMatchObject({
        code: exitCodes.usage,
        stderr: `synod: ${message}\n`,
      });
    }
  });
});

describe('where to go is said in one way, or refused', () => {
  test.each<[string[], string]>([
    [[], 'a server is needed: --host and --port, or --connect or --config for the right one of a cluster'],
    [['--host', 'x'], '--port: is missing, for example --port 8000'],
    [['--port', '8000'], '--host: is missing, for example --host 127.0.0.1'],
    [['--host', 'x', '--port', '0'], '--port: "0" is not a port from 1 to 65535'],
    [['--host', 'x', '--port', '65536'], '--port: "65536" is not a port from 1 to 65535'],
    [['--host', 'x', '--port', '-1'], '--port: "-1" is not a port from 1 to 65535'],
    [['--host', 'a b', '--port', '1'], '--host: "a b" is not a host, for example 127.0.0.1'],
    [['--host', '', '--port', '1'], '--host: "" is not a host, for example 127.0.0.1'],
    [['--connect', 'x'], '--connect: "x" is not host:port, for example 127.0.0.1:8000,127.0.0.1:8001'],
    [['--connect', 'x:1,'], '--connect: "" is not host:port, for example 127.0.0.1:8000,127.0.0.1:8001'],
  ])('%j', async (flags, message) => {
    for (const command of [
      ['token', 'read', '--id', '101'],
      ['token', 'list'],
      ['get', 'a'],
      ['put', 'a', 'b'],
      ['delete', 'a'],
      ['watch', 'a'],
    ]) {
      const { code, stderr } = await runMain(...command, ...flags);
      expect({ code, stderr }).toEqual({ code: exitCodes.usage, stderr: `synod: ${message}\n` });
    }
  });

  test.each<[string[], RegExp]>([
    [[...at, '--connect', 'x:1'], /'--connect <host:port,…>' cannot be used with option '--host <host>'/],
    [[...at, '--config', 'x'], /'--config <file>' cannot be used with option '--host <host>'/],
    [['--connect', 'x:1', '--config', 'x'], /'--connect <host:port,…>' cannot be used with option '--config <file>'/],
    [['--config', 'none.yaml'], /^synod: none\.yaml: /],
    [
      [...at, '--timeout', '0'],
      /--timeout <seconds>' argument '0' is invalid. Seconds are needed, from 0.001 to 86400/,
    ],
    [[...at, '--timeout', '-1'], /'-1' is invalid/],
    [[...at, '--timeout', '1s'], /'1s' is invalid/],
    [[...at, '--timeout', ''], /'' is invalid/],
  ])('%j', async (flags, message) => {
    const { code, stderr, stdout } = await runMain('token', 'read', '--id', '101', ...flags);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: exitCodes.usage, stdout: '' });
  });
});

describe('what the other flags mean is checked before anything is sent', () => {
  test.each<[string[], RegExp]>([
    [['token', 'read'], /required option '--id <id>' not specified/],
    [['token', 'write', '--id', '1', '--name', 'a', '--low', '1', '--mid', '2'], /required option '--high <n>'/],
    [['token', 'destroy'], /unknown command 'destroy'/],
    [['token'], /^Usage: synod token/],
    [['get'], /missing required argument 'key'/],
    [['get', 'a', '--file', '-', '--json'], /^synod: --file -: stdout is taken by --json\n$/],
    [['put', 'a'], /^synod: a value is needed: text, - for stdin, or --file\n$/],
    [['put', 'a', 'b', '--file', 'c'], /^synod: --file: stands beside a value: write one of them\n$/],
    [['put', 'a', 'b\uFFFD'], /^synod: value: is not valid Unicode: give bytes by --file, or - for stdin\n$/],
    [['put', 'a', '--file', 'none'], /^synod: none: there is no such file; a value is needed\n$/],
    [['put', 'a', '--file', '.'], /^synod: \.: it is a folder; a value is needed\n$/],
    [['watch', 'a', '--count', '0'], /argument '0' is invalid. At least 1 of values is needed/],
    [['watch', 'a', '--count', 'x'], /argument 'x' is invalid. A whole number is needed/],
    [['silence', '--token', 'a', '--key', 'b'], /'--key <key>' cannot be used with option '--token <id>'/],
    [['silence', '--phase', 'both'], /argument 'both' is invalid. Allowed choices are read, write/],
    [['silence', '--after', '-1'], /'-1' is invalid. Seconds are needed, from 0 to 4294967/],
    [['silence', '--after', '4294968'], /'4294968' is invalid/],
  ])('synod %j', async (command, message) => {
    const { code, stderr } = await runMain(...command, ...(command[1] === 'destroy' || command.length === 1 ? [] : at));
    expect(stderr).toMatch(message);
    expect(code).toBe(exitCodes.usage);
  });
});

describe('--help', () => {
  test('tells the commands', async () => {
    const { stdout } = await runMain('--help');
    for (const command of [
      'token',
      'get [options] <key>',
      'put [options] <key> [value]',
      'delete [options] <key>',
      'watch [options] <key>',
      'silence',
      'unsilence',
    ]) {
      expect(stdout).toContain(`\n  ${command}`);
    }
    const token = await runMain('token', '--help');
    for (const command of ['create', 'drop', 'write', 'read', 'list'])
      expect(token.stdout).toContain(`\n  ${command} [options]`);
  });

  test.each([
    [['token', 'create'], ['--id <id>']],
    [['token', 'drop'], ['--id <id>']],
    [
      ['token', 'write'],
      ['--id <id>', '--name <name>', '--low <n>', '--mid <n>', '--high <n>'],
    ],
    [['token', 'read'], ['--id <id>']],
    [['token', 'list'], []],
    [['get'], ['--file <file>']],
    [['put'], ['--file <file>']],
    [['delete'], []],
    [['watch'], ['--count <n>']],
  ])('%j tells its flags, where it can go, and the exit codes', async (command, flags) => {
    const { code, stdout, stderr } = await runMain(...command, '--help');
    expect({ code, stderr }).toEqual({ code: exitCodes.done, stderr: '' });
    const shared = ['--host <host>', '--port <port>', '--connect <host:port,…>', '--config <file>', '--json'];
    for (const flag of [...flags, ...shared]) expect(stdout).toContain(`\n  ${flag} `);
    expect(stdout).toMatch(/--timeout <seconds> .*\(default: 10\)/);
    expect(stdout).toMatch(/Exit codes:\n {2}0 {2}done/);
  });

  test.each([
    ['silence', ['--token <id>', '--key <key>', '--phase <phase>', '--after <seconds>']],
    ['unsilence', ['--token <id>', '--key <key>']],
  ])('%s goes to one server', async (command, flags) => {
    const { stdout } = await runMain(command, '--help');
    for (const flag of [...flags, '--host <host>', '--port <port>', '--timeout <seconds>', '--json']) {
      expect(stdout).toContain(`\n  ${flag} `);
    }
    expect(stdout).not.toContain('--connect');
  });
});
