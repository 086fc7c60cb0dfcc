import { describe, expect, test } from '@jest/globals';
import { faultPlan } from './fault-plan.js';
import { faultKinds } from './fault.js';
import { seededRandom } from './random.js';
import { readSchedule, writeSchedule } from './schedule.js';
import { counterSystem } from './testing/counter-system.js';

const system = counterSystem();
const schedule = system.plan(1);
const broken = (changes: Record<string, unknown>): string => JSON.stringify({ ...schedule, ...changes });

test('a schedule is JSON and comes back as it was, one line for each fault and operation', () => {
  const text = writeSchedule(schedule);
  expect(readSchedule(text)).toEqual(schedule);
  expect(text.split('\n').length).toBeGreaterThan(schedule.faults.length + schedule.operations.length);
  expect(readSchedule(writeSchedule({ ...schedule, faults: [], operations: [] })).faults).toEqual([]);
});

test('every kind of fault is JSON', () => {
  const counts = Object.fromEntries(faultKinds.map((kind) => [kind, 3]));
  const faults = faultPlan(seededRandom(1), { nodes: ['S1', 'S2', 'S3'], forMs: 1000, counts });
  expect(JSON.parse(JSON.stringify(faults))).toEqual(faults);
  expect(new Set(faults.map(({ kind }) => kind)).size).toBe(faultKinds.length);
  expect(faults.map(({ at }) => at)).toEqual(faults.map(({ at }) => at).sort((a, b) => a - b));
});

describe('what is no schedule is refused with what would be right', () => {
  test.each([
    ['nonsense', /JSON/],
    ['[]', /a JSON object is needed/],
    [broken({ system: 1 }), /system: the name of a system/],
    [broken({ seed: 0.5 }), /seed: a whole number/],
    [broken({ nodes: [] }), /nodes: names/],
    [broken({ network: 3 }), /network: an object/],
    [broken({ forMs: -1 }), /forMs: milliseconds/],
    [broken({ faults: {} }), /faults: a list/],
    [broken({ operations: [{ at: 'noon' }] }), /operations\[0\].at: milliseconds/],
    [broken({ faults: [{ at: 1, kind: 'flood' }] }), /faults\[0\].kind: "flood" is none of crash, /],
    [broken({ faults: [{ at: 1, kind: 'crash', node: 'S9' }] }), /faults\[0\].node: "S9" is no node/],
  ])('%.60s', (text, complaint) => {
    expect(() => readSchedule(text)).toThrow(complaint);
    expect(() => readSchedule(text)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});

test('seeds draw different schedules, the same seed the same one', () => {
  expect(system.plan(1)).toEqual(schedule);
  expect(system.plan(4).faults).not.toEqual(schedule.faults);
  expect([1, 2, 3].map((seed) => system.plan(seed).nodes.length)).toEqual([4, 5, 3]);
});

test('a schedule has only the faults that were asked for', () => {
  const { faults } = system.plan(7, { faults: ['crash', 'ring'], forMs: 1000, nodes: 3 });
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['crash', 'ring']));
  expect(Math.max(...faults.map(({ at }) => at))).toBeLessThan(1000);
});
