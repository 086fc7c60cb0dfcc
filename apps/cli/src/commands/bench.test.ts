import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BenchReport } from '../bench/bench-report.js';
import { exitCodes } from '../exit-codes.js';
import { runMain } from '../testing/run-main.js';

let data: string;
beforeAll(async () => void (data = await mkdtemp(join(tmpdir(), 'synod-bench-test-'))));
afterAll(() => rm(data, { recursive: true, force: true }));

describe('each benchmark runs, does something, loses nothing and leaves nothing', () => {
  test.each([
    ['register', 'write', 3, ['--read-share', '0.5']],
    ['register', 'read', 3, ['--read-share', '0.5', '--read-from', 'replicas']],
    ['register', 'read', 3, ['--unary', '--read-share', '1', '--clients', '2', '--writer', 'each']],
    ['register', 'write', 3, ['--unary', '--writer', 'one']],
    ['register', 'write', undefined, ['--embedded', '--rate', '100']],
    ['register', 'write', undefined, ['--embedded', '--writer', 'each']],
    ['ledger', 'local', 3, []],
    ['ledger', 'committed', 3, ['--load', 'shortage']],
    ['ledger', 'consensus', 3, ['--load', 'round', '--in-flight', '1']],
    ['paxos', 'entry', 3, []],
    ['transport', 'round trip', 2, []],
    ['storage', 'write', undefined, []],
  ])('synod bench %s (%s)', async (system, kind, servers, args) => {
    const run = ['bench', system, '--seconds', '1', '--warm-up', '0', '--keys', '20', '--data', data, '--json'];
    if (servers !== undefined) run.push('--servers', String(servers));
    const { code, stdout, stderr } = await runMain(...run, ...args);
    expect({ code, stderr }).toEqual({ code: exitCodes.done, stderr: expect.stringContaining('measuring for 1 s') });
    const report = JSON.parse(stdout) as BenchReport;
    expect(report.verified.lost).toEqual([]);
    expect(report.failed).toEqual({});
    expect(report.latencies[kind]!.count).toBeGreaterThan(0);
    expect(report.operations).toBeGreaterThan(0);
    const { p50, p99, max } = report.latencies[kind]!;
    expect([p50, p99, max]).toEqual([p50, p99, max].sort((a, b) => a - b));
    if (process.platform === 'linux') {
      expect(report.processes.every(({ peakBytes }) => peakBytes > 2 ** 20)).toBe(true);
      expect(report.processes.some(({ cpuSeconds }) => cpuSeconds > 0)).toBe(true);
    }
    expect(await readdir(data)).toEqual([]);
  });
});

describe('what is wrong is said on stderr, ends with 2, and nothing was started', () => {
  test.each([
    [['bench', 'disk'], "'disk' is invalid for argument 'system'"],
    [['bench', 'register', '--writer', 'all'], 'Allowed choices are any, each, one.'],
    [['bench', 'register', '--read-from', 'quorum'], 'Allowed choices are server, replicas.'],
    [['bench', 'register', '--unary', '--read-from', 'replicas'], "cannot be used with option '--unary'"],
    [['bench', 'ledger', '--embedded'], '--embedded: is for registers'],
    [['bench', 'register', '--servers', '0'], "'0' is invalid. From 1 to 99."],
    [
      ['bench', 'register', '--in-flight', '2', '--clients', '3'],
      '--in-flight: 2 for 3 clients: one for each at least',
    ],
    [['bench', 'storage', '--clients', '2'], '--clients: there is nothing here that a second one could reach'],
    [['bench', 'transport', '--servers', '1'], '--servers: links need 2 servers or more'],
    [['bench', 'paxos', '--value-bytes', '129'], '--value-bytes: entries have 1 to 128'],
  ])('synod %j', async (args, message) => {
    const { code, stderr } = await runMain(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(exitCodes.usage);
  });
});
