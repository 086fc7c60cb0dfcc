import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
});
afterEach(() => workspace.close());

/** Runs the command to its end: code 2, nothing written, nothing said but this line. */
async function refused(...args: string[]): Promise<string> {
  const server = workspace.run(...args);
  expect(await server.exit).toEqual({ code: 2, signal: null });
  expect(existsSync(join(workspace.directory, 'data'))).toBe(false);
  expect(server.log).toEqual([]);
  const [line, ...more] = server.stderr.split('\n');
  expect(more).toEqual(['']);
  return line!.replace(/^synod-register-server: /, '').replaceAll(workspace.directory, '…');
}

const data = (): string[] => ['--data', workspace.dataOf('S1')];
const addresses = (): string => workspace.cluster.servers.map(({ address }) => address).join(', ');

async function written(name: string, text: string): Promise<string> {
  const file = join(workspace.directory, name);
  await writeFile(file, text);
  return file;
}

describe('a wrong option is refused in one line', () => {
  test.each([
    [['--id', 'S1', '--colour'], "unknown option '--colour'"],
    [['--id', 'S1', '--listen', 'here'], '--listen: "here" is not host:port, for example 127.0.0.1:7001'],
    [['--id', 'S1', '--listen', '127.0.0.1:0'], '--listen: port 0 takes any port: the other servers could not find it'],
    [['--id', 'S4'], '--id: there is no server "S4" in cluster test: write S1, S2, S3'],
    [['--id', 'S1', '--host', '127.0.0.1'], '--port: is missing beside the other'],
    [['--id', 'S1', '--failpoint', 'write:after-write'], '--failpoint: needs --allow-faults'],
    [
      ['--id', 'S1', '--allow-faults', '--failpoint', 'accept:after-write'],
      '--failpoint: there is no failpoint "accept:after-write": write <type>:<point>, for example ack:after-release',
    ],
  ])('%j', async (args, line) => {
    expect(await refused('--config', workspace.configFile, ...data(), ...args)).toBe(line);
  });

  test('a node that is not named, by its id or by its address', async () => {
    expect(await refused('--config', workspace.configFile, ...data())).toBe(
      `--listen: is missing: one of ${addresses()}`,
    );
  });

  test('an address that is no node, where the id is not said', async () => {
    const args = ['--config', workspace.configFile, ...data(), '-ip', '127.0.0.1', '--port', '1'];
    expect(await refused(...args)).toBe(`--listen: 127.0.0.1:1 is the address of no node: ${addresses()}`);
  });

  test('a missing option is named', async () => {
    expect(await refused()).toBe("required option '--config <file>' not specified");
  });
});

describe('a wrong configuration is refused in one line with the file, the field and what would be right', () => {
  test.each([
    ['servers: 1', '…/wrong.yaml: cluster: is missing, for example bank'],
    ['cluster: a\nservers: [{ id: S1, address: "a:1" }]', /^…\/wrong\.yaml: names neither registers nor tokens/],
    ['- { token: 101, writer: here, readers: [] }', /^…\/wrong\.yaml: \[?0\]?\.writer: "here" is not host:port/],
    ['[]', /^…\/wrong\.yaml: holds no token, for example/],
  ])('%j', async (text, line) => {
    const said = await refused('--config', await written('wrong.yaml', text), ...data());
    if (typeof line === 'string') expect(said).toBe(line);
    else expect(said).toMatch(line);
  });

  test('an access point of the scheme that is no server of the cluster', async () => {
    await written('tokens.yaml', '- { token: 101, writer: "elsewhere:1", readers: [] }');
    const said = await refused('--config', workspace.configFile, '--id', 'S1', ...data());
    expect(said).toBe(`…/tokens.yaml: token "101": elsewhere:1 is the address of no server: ${addresses()}`);
  });

  test('an initial domain that is longer than nodes search: it would never be written', async () => {
    const address = workspace.addressOf('S1');
    const scheme = `- { token: 101, writer: "${address}", readers: [], name: abc, domain: [0, 5, 100] }`;
    const file = await written('scheme.yaml', scheme);
    const said = await refused('--config', file, '--listen', address, '--max-range', '99', ...data());
    expect(said).toBe('token "101": domain: [0, 100) has 100 numbers: the range bound is 99');
  });

  test('a file that is not there', async () => {
    const said = await refused('--config', join(workspace.directory, 'nowhere.yaml'), ...data());
    expect(said).toBe('…/nowhere.yaml: there is no such file');
  });
});

test('an address that is in use is refused before the data directory is touched', async () => {
  await workspace.start('S1', { dataDirectory: join(workspace.directory, 'elsewhere') });
  const said = await refused('--config', workspace.configFile, '--id', 'S1', ...data());
  expect(said).toBe(`address ${workspace.addressOf('S1')} is already in use`);
});

test('help and version go to standard output', async () => {
  const [help, version] = [workspace.run('--help'), workspace.run('--version')];
  expect(await Promise.all([help.exit, version.exit])).toEqual([
    { code: 0, signal: null },
    { code: 0, signal: null },
  ]);
  expect(help.stdout).toMatch(/^Usage: synod-register-server \[options\]\n/);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(help.stderr + version.stderr).toBe('');
});
