import { describe, expect, test } from '@jest/globals';
import { readHistory } from '@synod/linearizability';
import { faultKinds } from '../nemesis/fault.js';
import type { FaultEvent } from '../nemesis/nemesis.js';
import { renderSummary } from './render-summary.js';
import { summarise } from './summary.js';

const line = (process: number, type: string, f: string, key: string, ms: number) =>
  JSON.stringify({
    process,
    type,
    f,
    key,
    value: f === 'write' ? `v${process}` : null,
    time: 5_000_000_000 + ms * 1e6,
  });
/** An operation of a process of its own, from one millisecond to another. */
const operation = (process: number, f: string, key: string, outcome: string, [from, to]: readonly [number, number]) => [
  line(process, 'invoke', f, key, from),
  line(process, outcome, f, key, to),
];
const event = (step: FaultEvent['step'], kind: 'crash' | 'pause' | 'silence'): FaultEvent => {
  return { step, fault: { kind, node: 'S1' }, began: 1n, ended: 2n };
};

const history = readHistory([
  ...operation(0, 'write', 'r10', 'ok', [0, 10]),
  ...operation(1, 'write', 'r2', 'info', [0, 3000]),
  ...operation(2, 'write', 'r2', 'fail', [5, 400]),
  ...operation(3, 'read', 'r2', 'ok', [500, 510]),
  ...operation(4, 'read', 'r2', 'fail', [500, 600]),
]);

test('operations are counted by outcome, for each key by what they are', () => {
  const { operations, keys } = summarise(history, []);
  expect(operations).toEqual({ ok: 2, fail: 2, info: 1 });
  expect(keys).toEqual([
    { key: 'r2', reads: { ok: 1, fail: 1, info: 0 }, writes: { ok: 0, fail: 1, info: 1 } },
    { key: 'r10', reads: { ok: 0, fail: 0, info: 0 }, writes: { ok: 1, fail: 0, info: 0 } },
  ]);
});

describe('the longest gap', () => {
  test('is ended by what was completed, and by nothing else', () => {
    expect(summarise(history, [])).toMatchObject({ milliseconds: 600, longestGapMs: 500 });
  });

  test('may stand at the beginning, and at the end', () => {
    const late = readHistory(operation(0, 'read', 'x', 'ok', [0, 700]));
    expect(summarise(late, []).longestGapMs).toBe(700);
    const early = readHistory([
      ...operation(0, 'read', 'x', 'ok', [0, 1]),
      ...operation(1, 'read', 'x', 'fail', [1, 900]),
    ]);
    expect(summarise(early, []).longestGapMs).toBe(899);
  });

  test('nothing happened: there is none', () => {
    expect(summarise([], [])).toMatchObject({ milliseconds: 0, longestGapMs: 0, keys: [] });
  });
});

test('faults are counted where they are made, not where they are healed', () => {
  const { faults } = summarise(
    [],
    (['crash', 'crash', 'pause'] as const).flatMap((kind) => [event('made', kind), event('healed', kind)]),
  );
  const made = Object.entries(faults).filter(([, times]) => times > 0);
  expect(made).toEqual([
    ['crash', 2],
    ['pause', 1],
  ]);
  expect(Object.keys(faults)).toEqual(faultKinds);
});

test('a summary is shown as a table', () => {
  expect(renderSummary(summarise(history, [event('made', 'silence')])).join('\n')).toBe(
    `5 operations in 0.60 s: 2 ok, 2 failed, 1 of unknown outcome
  key  reads ok  failed  writes ok  failed  unknown
  r2          1       1          0       1        1
  r10         0       0          1       0        0
  longest time without a completed operation: 0.50 s
  faults: silence 1`,
  );
});
