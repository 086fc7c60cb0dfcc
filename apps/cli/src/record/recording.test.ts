import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { checkHistory } from '@synod/linearizability';
import { seededRandom } from '@synod/simulator';
import { MemoryHistory } from '../testing/memory-history.js';
import { MemoryRegisters } from '../testing/memory-registers.js';
import type { Breakable } from '../nemesis/nemesis.js';
import { record, type RecordingOptions } from './recording.js';

/** A test that fails ends all the same. */
const patienceMs = 30_000;

/** Records registers in memory until `calls` calls were made. */
async function recorded(calls: number, options: Partial<RecordingOptions> = {}) {
  const registers = new MemoryRegisters(seededRandom(1, 'registers'));
  const output = new MemoryHistory();
  const stop = new AbortController();
  registers.onCall = () => registers.asked.length >= calls && stop.abort();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(patienceMs)]);
  const standard = { clients: 4, keys: ['x', 'y'], readShare: 0, seed: 1, subjects: [registers], signal, output };
  const faults = await record({ ...standard, ...options });
  return { registers, history: output.history, faults };
}

/** Says yes to everything, and counts. */
function obedient(done: string[]): Breakable {
  return {
    make: async (fault) => void done.push(`made ${fault.kind}`),
    heal: async (fault) => void done.push(`healed ${fault.kind}`),
  };
}

const replicaSets = [['S1', 'S2', 'S3']];

test('beside the clients one more only reads, and in the end every key is read', async () => {
  const { history, registers } = await recorded(300);
  expect(checkHistory(history).verdict).toBe('linearizable');
  expect(history.filter(({ f }) => f === 'read').length).toBeGreaterThan(2);
  expect(registers.asked.slice(-2)).toEqual(['read x', 'read y']);
});

test('keys that may hold something are written before anything else', async () => {
  const { registers } = await recorded(50, { used: ['y'] });
  expect(registers.asked[0]).toBe('write y first y');
});

test('a key that can not be written first is told, and nothing else is done', async () => {
  const asked: string[] = [];
  const refusing = {
    read: async (key: string) => ({ value: String(asked.push(key)) }),
    write: async () => {
      throw new SynodError('unauthorised', 'not here');
    },
  };
  const recording = recorded(50, { used: ['y'], subjects: [refusing] });
  await expect(recording).rejects.toThrow('y could not be written before the clients started');
  expect(asked).toEqual([]);
});

describe('a nemesis', () => {
  test('does what it does while clients work, heals all of it, and its deeds are returned', async () => {
    const done: string[] = [];
    const told: string[] = [];
    const log = ({ step }: { step: string }) => told.push(step);
    const nemesis = { breakable: obedient(done), classes: ['pause'], replicaSets, betweenMs: [0, 1], log } as const;
    const { faults } = await recorded(2000, { nemesis });
    expect(done.length).toBeGreaterThan(0);
    expect(faults.map(({ step, fault }) => `${step} ${fault.kind}`)).toEqual(done);
    expect(told).toHaveLength(done.length);
    expect(done.filter((deed) => deed.startsWith('made'))).toHaveLength(done.length / 2);
  });

  test('that can not do something ends the recording, and that is told', async () => {
    const breakable = { ...obedient([]), make: () => Promise.reject(new Error('it does not die')) };
    const nemesis = { breakable, classes: ['kill'], replicaSets, betweenMs: [0, 1] } as const;
    await expect(recorded(Infinity, { nemesis })).rejects.toThrow('it does not die');
  });
});

test('a history that can not be written ends the recording, and that is told', async () => {
  const output = new Writable({ write: (_chunk, _encoding, done) => setImmediate(done, new Error('disk full')) });
  await expect(recorded(Infinity, { output })).rejects.toThrow('disk full');
});
