import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { toJson } from '@synod/client';
import { freePorts } from '@synod/cluster';
import type { Account } from '@synod/ledger';
import { readTransactionFile } from '@synod/ledger/file';
import type { SetResult } from '../play/run-result.js';
import { auditDump } from '../check/audit-dump.js';
import { ownAccounts, playOnPaper } from '../testing/file-model.js';
import { randomFile } from '../testing/random-file.js';
import { Workbench } from '../testing/workbench.js';

const named = (count: number): string[] => Array.from({ length: count }, (_, i) => `S${i + 1}`);
const five = named(5);
const asJson = (sets: readonly SetResult[]): unknown => JSON.parse(toJson({ sets }));

let bench: Workbench;
beforeEach(async () => {
  bench = await Workbench.make();
});
afterEach(() => bench.close());

/** Plays `file.csv`; returns what `--json` said. */
async function play(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await bench.run('run', 'file.csv', '--json', ...args);
  expect(code === 0 ? '' : stderr).toBe('');
  return stdout;
}

describe('a run leaves what the rules of the file say, to the last number', () => {
  test.each([
    { seed: 1, servers: 5, short: 'queue' as const, initial: 100 },
    { seed: 2, servers: 3, short: 'reject' as const, initial: 37 },
    { seed: 3, servers: 4, short: 'queue' as const, initial: 100 },
    { seed: 4, servers: 9, short: 'queue' as const, initial: 1000 },
  ])('seed $seed, $servers servers with $initial, --short $short', async ({ seed, servers, short, initial }) => {
    const names = named(servers);
    const { text, file } = randomFile(seed, { servers: names, sets: 12, transfers: 12, initial });
    await bench.write('file.csv', text);
    const accounts = ownAccounts(names, BigInt(initial));
    const flags = ['--servers', `${servers}`, '--short', short, '--initial', `${initial}`, '--dump', 'dump.json'];
    const result = JSON.parse(await play(...flags)) as unknown;
    expect(result).toEqual(asJson(playOnPaper(file, { servers: names, accounts, short })));
    expect(auditDump(bench.read('dump.json'), accounts)).toEqual([]);
  });

  test('several accounts at one home, a home without, names that are no servers', async () => {
    const accounts: Account[] = [
      { id: 'bob', home: 'north', initial: 50n },
      { id: 'alice', home: 'south', initial: 200n },
      { id: 'carol', home: 'north', initial: 100n },
      { id: 'a10', home: 'west', initial: 0n },
      { id: 'a9', home: 'south', initial: 70n },
    ];
    const servers = ['north', 'south', 'west', 'east'];
    const addresses = (await freePorts(servers.length)).map((port) => `127.0.0.1:${port}`);
    const config = `cluster: paper
servers:
${servers.map((id, i) => `  - { id: ${id}, address: "${addresses[i]}" }`).join('\n')}
ledger:
  accounts:
${accounts.map(({ id, home, initial }) => `    - { id: ${id}, home: ${home}, initial: ${initial} }`).join('\n')}
`;
    await bench.write('cluster.yaml', config);
    const homes = new Map(accounts.map(({ id, home }) => [id, home]));
    const { text, file } = randomFile(5, { servers, accounts: homes, sets: 10, transfers: 12 });
    await bench.write('file.csv', text);
    const expected = playOnPaper(file, { servers, accounts, short: 'queue' });
    expect(expected.filter(({ late }) => late).length).toBeGreaterThan(0);
    expect(JSON.parse(await play('--config', 'cluster.yaml', '--dump', 'dump.json'))).toEqual(asJson(expected));
    expect(auditDump(bench.read('dump.json'), accounts)).toEqual([]);
  });
});

describe('a run can be repeated', () => {
  const busy: ChildProcess[] = [];
  afterEach(() => {
    for (const child of busy.splice(0)) child.kill('SIGKILL');
  });

  test('byte for byte, on a machine whose cores are all taken', async () => {
    await bench.write('file.csv', randomFile(6, { servers: five, sets: 6, transfers: 15 }).text);
    const calm = await play();
    await bench.write('busy.cjs', 'for (;;);');
    for (let i = 0; i < 2; i++) busy.push(fork(join(bench.folder, 'busy.cjs')));
    expect(await play()).toBe(calm);
  });
});

test('a second run on the same data goes on with the balances of the first', async () => {
  const servers = named(3);
  const first = randomFile(7, { servers, sets: 3, transfers: 8 });
  // A new run links everybody first: its first set is live everywhere, so that a single file says the same.
  const second = randomFile(8, { servers, sets: 3, transfers: 8 }).text.replaceAll(
    /^(\d+),/gm,
    (_, set) => `${+set + 10},`,
  );
  const opening = '10,"(S1, S2, 1)","[S1, S2, S3]"\n';
  const whole = readTransactionFile(first.text + opening + second, {
    servers,
    accounts: new Map(servers.map((id) => [id, id])),
  });
  const expected = playOnPaper(whole, { servers, accounts: ownAccounts(servers, 100n), short: 'reject' });

  await bench.write('file.csv', first.text);
  const flags = ['--data', 'data', '--short', 'reject'];
  const before = JSON.parse(await play('--servers', '3', ...flags)) as unknown;
  expect(before).toEqual(asJson(expected.slice(0, 3)));
  await bench.write('file.csv', opening + second);
  expect(JSON.parse(await play(...flags, '--dump', 'dump.json'))).toEqual(asJson(expected.slice(3)));
  expect(bench.servers()).toEqual([]);
});

test('--concurrent may decide otherwise, but breaks no rule of the ledger', async () => {
  const { text } = randomFile(9, { servers: five, sets: 4, transfers: 60 });
  await bench.write('file.csv', text);
  const { sets } = JSON.parse(await play('--concurrent', '--dump', 'dump.json')) as { sets: SetResult[] };
  expect(sets.map(({ status }) => Object.keys(status).length)).toEqual([60, 60, 60, 60]);
  expect(new Set(sets.flatMap(({ status }) => Object.values(status)))).toContain('consensus');
  expect(auditDump(bench.read('dump.json'), ownAccounts(five, 100n))).toEqual([]);
});

test('one bad row of ten thousand: refused with its line before anything starts', async () => {
  const rows: string[] = Array.from({ length: 10_000 }, (_, i) =>
    i === 7_776 ? ',"(S1, S2, -5)",' : ',"(S1, S2, 1)",',
  );
  rows[0] = '1,"(S1, S2, 1)","[S1, S2, S3, S4, S5]"';
  await bench.write('file.csv', rows.join('\n'));
  const { code, stdout, stderr } = await bench.run('run', 'file.csv', '--data', 'data', '--dump', 'dump.json');
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^synod: .*nothing was run:\nline 7777: .*"-5".*\n$/),
  });
  expect(bench.files()).toEqual(['file.csv']);
});

test('20,000 transfers that need no round', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `,"(S${(i % 3) + 1}, S${((i + 1) % 3) + 1}, 2)",`);
  rows[0] = '1,"(S1, S2, 2)","[S1, S2, S3]"';
  await bench.write('file.csv', rows.join('\n'));
  const output = await play('--servers', '3', '--initial', '1000000');
  const [set] = (JSON.parse(output) as { sets: SetResult[] }).sets;
  expect(Object.keys(set!.status)).toHaveLength(20_000);
  expect(new Set(Object.values(set!.status))).toEqual(new Set(['local']));
  expect(set!.blocks).toEqual({ S1: 0, S2: 0, S3: 0 });
  expect(set!.own).toEqual({ S1: 1_000_000 - 2 * 6667, S2: 1_000_000 - 2 * 6667, S3: 1_000_000 - 2 * 6666 });
});

test('what a run shows stands in its output log', async () => {
  await bench.write('file.csv', '1,"(S1, S2, 30)","[S1, S2, S3]"\nPrintBalance all\n2,"(S2, S1, 999)","[S1]"\n');
  const { code, stdout, stderr } = await bench.run('run', 'file.csv', '--servers', '3');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('> PrintBalance all\n  account  balance  home');
  expect(bench.logs()).toEqual([stdout]);
  expect(bench.files().filter((name) => !name.startsWith('output_'))).toEqual(['file.csv']);
});
