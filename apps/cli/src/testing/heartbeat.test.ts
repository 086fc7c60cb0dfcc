import { expect, test } from '@jest/globals';
import type { Operation } from '@synod/linearizability';
import type { FaultEvent } from '../nemesis/nemesis.js';
import { longestStandstill } from './heartbeat.js';

const servers = ['S1', 'S2', 'S3'];
const beats = [10n, 20n, 30n, 40n, 50n, 60n, 70n, 80n, 90n, 100n];

const operation = (start: number, end: number | undefined, outcome: Operation['outcome'] = 'ok'): Operation => {
  return { process: 0, f: 'read', key: 'x', value: null, outcome, start, end };
};
const event = (step: FaultEvent['step'], node: string, began: bigint, ended = began): FaultEvent => {
  return { step, fault: { kind: 'crash', node }, began, ended };
};

test('beats between two completed operations count, whatever else ended there', () => {
  const history = [
    operation(5, 15),
    operation(16, 25),
    operation(26, 35, 'fail'),
    operation(36, 75),
    operation(76, 95),
  ];
  expect(longestStandstill(history, beats, { faults: [], servers })).toBe(5);
});

test('beats before the first operation began, and after the last was completed, do not', () => {
  expect(longestStandstill([operation(55, 65)], beats, { faults: [], servers })).toBe(1);
});

test('nor do beats while no majority is up, and those after that are counted anew', () => {
  const history = [operation(1, 5), operation(6, 105)];
  const faults = [
    event('made', 'S1', 25n),
    event('made', 'S2', 35n),
    // Not up before the end of it.
    event('healed', 'S1', 45n, 65n),
    event('healed', 'S2', 75n),
  ];
  expect(longestStandstill(history, beats, { faults: [], servers })).toBe(10);
  expect(longestStandstill(history, beats, { faults, servers })).toBe(4);
});
