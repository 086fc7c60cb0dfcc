import { describe, expect, test } from '@jest/globals';
import { Times } from '@synod/metrics';
import { benchReport, type Measured } from './bench-report.js';
import { renderReport } from './render-report.js';

function timesOf(...milliseconds: number[]) {
  const times = new Times();
  for (const ms of milliseconds) times.record(ms);
  return times.recorded();
}

const base: Measured = {
  plan: {
    ...{ system: 'ledger', servers: 5, connect: undefined, embedded: false, inFlight: 8, seconds: 2, warmUpSeconds: 1 },
    ...{ clients: 2, rate: undefined, unary: false, keys: 50, readShare: 0, readFrom: 'server' },
    ...{ valueBytes: 16, writer: 'any', load: 'shortage', seed: 1, data: undefined },
  },
  results: [
    {
      seconds: 2,
      times: { committed: timesOf(1, 2), rejected: timesOf(9) },
      failed: { no_quorum: 1 },
      waiting: 0,
      counters: {},
    },
    { seconds: 2, times: { committed: timesOf(3, 4) }, failed: { no_quorum: 2 }, waiting: 0, counters: {} },
  ],
  processes: [
    {
      ...{ name: 'client', role: 'client', pid: 1 },
      before: { cpuSeconds: 1, peakBytes: 1 },
      after: { cpuSeconds: 2.9, peakBytes: 2 ** 20 },
    },
    { name: 'gone', role: 'server', pid: 2, before: undefined, after: undefined },
  ],
  counters: { groups: 10 },
  disk: { inMemory: true, syncsPerSecond: 1000 },
  verification: { checked: 4, lost: [], facts: {} },
  machine: { synod: '0.1.0', node: 'v20', platform: 'linux', kernel: '6', cores: 2, processor: 'x', memoryBytes: 1 },
  command: 'synod bench ledger',
  date: new Date(0),
};

describe('a report', () => {
  const report = benchReport(base);

  test('counts what was done, of all clients together; refusals have their times and do not count', () => {
    expect(report).toMatchObject({ operations: 4, perSecond: 2, failed: { no_quorum: 3 }, rates: { groups: 5 } });
    expect(report.latencies['committed']).toMatchObject({ count: 4, mean: 2.5 });
    expect(report.latencies['rejected']).toMatchObject({ count: 1 });
  });

  test('divides processor time by operations, and says that a client was busy all the time', () => {
    expect(report.processes).toHaveLength(1);
    expect(report.processes[0]).toMatchObject({ name: 'client', peakBytes: 2 ** 20 });
    expect(report.processes[0]!.cpuMicrosecondsPerOperation).toBeCloseTo(475_000);
    expect(report.notes[0]).toContain('client: busy all the time');
  });

  test('says that data in memory is not durable', () => {
    expect(renderReport(report).join('\n')).toContain('tmpfs');
  });

  test('shows what is lost', () => {
    const wrong = benchReport({ ...base, verification: { checked: 4, lost: ['r: gone'], facts: {} } });
    expect(renderReport(wrong)).toContain('  LOST: r: gone');
  });
});
