import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Workspace } from './testing/workspace.js';

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make(3);
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
  return line!.replace(/^synod-paxos-server: /, '').replaceAll(workspace.directory, '…');
}

describe('a wrong option is refused in one line', () => {
  const required = (): string[] => ['--config', workspace.configFile, '--id', 'S1', '--data', workspace.dataOf('S1')];

  test.each([
    [['--colour'], "unknown option '--colour'"],
    [['--log-leve', 'info'], "unknown option '--log-leve' (Did you mean --log-level?)"],
    [['now'], 'too many arguments. Expected 0 arguments but got 1.'],
    [
      ['--log-level', 'loud'],
      "option '--log-level <level>' argument 'loud' is invalid. Allowed choices are debug, info, warn, error, silent.",
    ],
    [
      ['--queue-rounds', 'never'],
      "option '--queue-rounds <when>' argument 'never' is invalid. Allowed choices are automatic, on-request.",
    ],
    [['--links', 'S2'], "option '--links <which>' argument 'S2' is invalid. Allowed choices are all, none."],
    [['--listen', 'here'], '--listen: "here" is not host:port, for example 127.0.0.1:7001'],
    [['--listen', '127.0.0.1:70000'], '--listen: "127.0.0.1:70000" is not host:port, for example 127.0.0.1:7001'],
    [['--listen', '127.0.0.1:0'], '--listen: port 0 takes any port: the other servers could not find it'],
    [['--id', 'S4'], '--id: there is no server "S4" in cluster test: write S1, S2, S3'],
    [['--data', ''], '--data: is empty: write the path of a directory'],
    [['--failpoint', 'accept:after-write'], '--failpoint: needs --allow-faults'],
    [
      ['--allow-faults', '--failpoint', 'accept'],
      '--failpoint: there is no failpoint "accept": write <type>:<point>, for example accept:after-release',
    ],
    [['--allow-faults', '--failpoint', 'accept:after-write:0'], '--failpoint: hits are a number from 1 on, not 0'],
  ])('%j', async (args, line) => {
    expect(await refused(...required(), ...args)).toBe(line);
  });

  test('a missing option is named', async () => {
    expect(await refused()).toBe("required option '--config <file>' not specified");
  });
});

describe('a wrong cluster.yaml is refused in one line with the file, the field and what would be right', () => {
  test.each([
    ['cluster: test', '…/wrong.yaml: servers: is missing, for example [{id: S1, address: 127.0.0.1:7001}]'],
    ['cluster: [', /^…\/wrong\.yaml: line 1, column 11: /],
    [
      'cluster: test\nservers: [{ id: S1, address: 127.0.0.1:0 }]',
      '…/wrong.yaml: servers[0].address: "127.0.0.1:0" is not host:port, for example 127.0.0.1:7001',
    ],
    [
      'cluster: test\nservers: [{ id: S1, adress: 127.0.0.1:7001 }]',
      '…/wrong.yaml: servers[0]: unknown key "adress": known keys are id, address, admin',
    ],
  ])('%j', async (text, line) => {
    const file = join(workspace.directory, 'wrong.yaml');
    await writeFile(file, text);
    const said = await refused('--config', file, '--id', 'S1', '--data', workspace.dataOf('S1'));
    if (typeof line === 'string') expect(said).toBe(line);
    else expect(said).toMatch(line);
  });

  test('a file that is not there', async () => {
    const file = join(workspace.directory, 'nowhere.yaml');
    const said = await refused('--config', file, '--id', 'S1', '--data', workspace.dataOf('S1'));
    expect(said).toBe('…/nowhere.yaml: there is no such file');
  });
});

test('an address that is in use is refused before the data directory is touched', async () => {
  await workspace.start('S1', { dataDirectory: join(workspace.directory, 'elsewhere') });
  const args = ['--config', workspace.configFile, '--id', 'S1', '--data', workspace.dataOf('S1')];
  expect(await refused(...args)).toBe(`address ${workspace.addressOf('S1')} is already in use`);
});

test('an admin address that is in use is refused as well', async () => {
  await workspace.start('S2', { dataDirectory: join(workspace.directory, 'elsewhere') });
  const file = join(workspace.directory, 'admin.yaml');
  const [own, taken] = [workspace.addressOf('S1'), workspace.addressOf('S2')];
  await writeFile(file, `cluster: test\nservers: [{ id: S1, address: '${own}', admin: '${taken}' }]`);
  const args = ['--config', file, '--id', 'S1', '--data', workspace.dataOf('S1')];
  expect(await refused(...args)).toBe(`admin address ${taken} is already in use`);
});

test('help and version go to standard output', async () => {
  const [help, version] = [workspace.run('--help'), workspace.run('--version')];
  expect(await Promise.all([help.exit, version.exit])).toEqual([
    { code: 0, signal: null },
    { code: 0, signal: null },
  ]);
  expect(help.stdout).toMatch(/^Usage: synod-paxos-server \[options\]\n/);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(help.stderr + version.stderr).toBe('');
});
