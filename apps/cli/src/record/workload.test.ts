import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { checkHistory, checkTags } from '@synod/linearizability';
import { seededRandom } from '@synod/simulator';
import { MemoryHistory } from '../testing/memory-history.js';
import { MemoryRegisters, type Mistake } from '../testing/memory-registers.js';
import { Recorder } from './recorder.js';
import { Workload, type Subject, type WorkloadOptions } from './workload.js';

const firstSeed = Number(process.env['SEED'] ?? 20_260_101);

/** A test that fails ends all the same. */
const patienceMs = 30_000;

/** By default ten clients on three keys; the caller ends it with `stop`. */
function workloadOn(subject: Subject, { output = new MemoryHistory(), ...more }: Partial<Setting> = {}) {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(patienceMs)]);
  const recorder = new Recorder(output);
  const options = { clients: 10, keys: ['x', 'y', 'z'], readShare: 0.6, seed: 1, subjects: [subject], ...more };
  return { stop, recorder, workload: new Workload({ recorder, signal, ...options }) };
}

type Setting = WorkloadOptions & { readonly output: Writable };

/** Works on registers in memory until so many calls were made. */
async function record(registers: MemoryRegisters, calls: number, setting: Partial<WorkloadOptions> = {}) {
  const output = new MemoryHistory();
  const { stop, recorder, workload } = workloadOn(registers, { output, ...setting });
  registers.onCall = () => registers.asked.length >= calls && stop.abort();
  await workload.run();
  await recorder.end();
  return { history: output.history, counts: workload.counts };
}

describe.each([0, 1, 2, 3].map((i) => firstSeed + i))('SEED=%i', (seed) => {
  const registersWith = (mistake?: Mistake) => new MemoryRegisters(seededRandom(seed, 'registers'), mistake);

  test('the history of linearizable registers is linearizable, whatever fails', async () => {
    const registers = registersWith();
    const { history, counts } = await record(registers, 2000, { seed });
    expect(history).toHaveLength(registers.asked.length);
    for (const outcome of ['ok', 'fail', 'info'] as const) {
      expect(history.filter((operation) => operation.outcome === outcome)).toHaveLength(counts[outcome]);
    }
    expect(Math.min(counts.fail, counts.info)).toBeGreaterThan(0);
    expect(registers.mostUnderWay).toBe(10);
    expect(checkHistory(history).keys.map(({ key, explanation }) => key + explanation)).toEqual(['x', 'y', 'z']);
    expect(checkTags(history)).toMatchObject({ tagged: counts.ok, violations: [] });
  });

  test.each<Mistake>(['stale-read', 'lost-write', 'failed-write-happens'])('%s is found', async (mistake) => {
    const { history } = await record(registersWith(mistake), 2000, { seed });
    expect(checkHistory(history).verdict).toBe('violated');
  });

  test('a tag that is used twice is found, though the values are right', async () => {
    const { history } = await record(registersWith('tag-used-twice'), 2000, { seed });
    expect(checkHistory(history).verdict).toBe('linearizable');
    expect(checkTags(history).violations).not.toEqual([]);
  });
});

test('one seed asks for the same operations, whatever becomes of them; another seed for others', async () => {
  const askedFor = async (seed: number, fate: number) => {
    const registers = new MemoryRegisters(seededRandom(fate));
    await record(registers, 100, { seed, clients: 1 });
    return registers.asked;
  };
  const asked = await askedFor(1, 1);
  expect(asked).toHaveLength(100);
  expect(await askedFor(1, 2)).toEqual(asked);
  expect(await askedFor(2, 1)).not.toEqual(asked);
});

test('no value is written twice', async () => {
  const { history } = await record(new MemoryRegisters(seededRandom(1)), 1000, { readShare: 0, keys: ['x'] });
  expect(history.filter(({ f }) => f === 'write')).toHaveLength(history.length);
  expect(new Set(history.map(({ value }) => value)).size).toBe(history.length);
});

test('clients are spread over the subjects', async () => {
  const [first, second] = [new MemoryRegisters(seededRandom(1)), new MemoryRegisters(seededRandom(2))];
  await record(first, 100, { clients: 5, readShare: 0, subjects: [first, second] });
  const clientsOf = ({ asked }: MemoryRegisters) => [...new Set(asked.map((call) => / (\d)-/.exec(call)![1]))].sort();
  expect([clientsOf(first), clientsOf(second)]).toEqual([
    ['0', '2', '4'],
    ['1', '3'],
  ]);
});

describe('a failure', () => {
  test.each([
    { f: 'read', readShare: 1, definite: true, outcome: 'fail' },
    { f: 'read', readShare: 1, definite: false, outcome: 'fail' },
    { f: 'write', readShare: 0, definite: true, outcome: 'fail' },
    { f: 'write', readShare: 0, definite: false, outcome: 'info' },
  ])('of a $f, definite: $definite, is recorded as $outcome', async ({ readShare, definite, outcome }) => {
    const output = new MemoryHistory();
    const fail = () => {
      stop.abort();
      return Promise.reject(new SynodError('deadline', 'too late', { definite }));
    };
    const { stop, recorder, workload } = workloadOn({ read: fail, write: fail }, { output, clients: 1, readShare });
    await workload.run();
    await recorder.end();
    expect(output.history).toMatchObject([{ outcome }]);
  });

  test('that is a mistake in the subject ends the work of all clients, and is told', async () => {
    const registers = new MemoryRegisters(seededRandom(1));
    const broken = { read: () => Promise.reject(new TypeError('broken')), write: registers.write.bind(registers) };
    const { workload } = workloadOn(broken);
    await expect(workload.run()).rejects.toThrow(new TypeError('broken'));
  });
});

test('what is under way at the end is waited for', async () => {
  const output = new MemoryHistory();
  let calls = 0;
  const slow = async () => {
    if (++calls === 3) stop.abort();
    for (let i = 0; i < 20; i++) await turn();
  };
  const registers = { read: () => slow().then(() => ({ value: null })), write: () => slow().then(() => ({})) };
  const { stop, recorder, workload } = workloadOn(registers, { output, clients: 3 });
  await workload.run();
  await recorder.end();
  expect(output.history.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
});

test('a history that is written slowly holds the clients back', async () => {
  const output = new MemoryHistory({ slow: true });
  const registers = new MemoryRegisters(seededRandom(1));
  const { stop, workload } = workloadOn(registers, { output });
  const run = workload.run();
  while (!output.writableNeedDrain) await turn();
  const before = registers.asked.length;
  for (let i = 0; i < 200; i++) await turn();
  expect(registers.asked.length).toBeLessThanOrEqual(before + 10);
  stop.abort();
  while (output.writableNeedDrain) {
    output.takeOne();
    await turn();
  }
  await run;
});

test('a history that can not be written ends the work, and is told', async () => {
  const output = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk full')) });
  const { workload } = workloadOn(new MemoryRegisters(seededRandom(1)), { output });
  await expect(workload.run()).rejects.toThrow('disk full');
});

test('a limit of operations a second spreads the clients over time', async () => {
  const registers = new MemoryRegisters(seededRandom(1));
  const { stop, workload } = workloadOn(registers, { perSecond: 0.001 });
  registers.onCall = () => void setImmediate(() => stop.abort());
  await workload.run();
  expect(registers.asked).toHaveLength(1);
});
