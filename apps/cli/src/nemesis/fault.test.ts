import { expect, test } from '@jest/globals';
import { loses, showFault, touchedBy, type Fault } from './fault.js';

const five = ['S1', 'S2', 'S3', 'S4', 'S5'];

test.each<[Fault, string, string[], string[]]>([
  [{ kind: 'isolate', node: 'S2', how: 'cut' }, 'isolate S2 (cut)', ['S2'], ['S1-S2', 'S2-S1', 'S2-S3', 'S3-S2']],
  [{ kind: 'one-way', from: 'S3', to: 'S1' }, 'one-way S3 to S1', ['S3'], ['S3-S1']],
  [
    { kind: 'partition', groups: [['S3', 'S1'], ['S2']], how: 'drop' },
    'partition S3 S1 | S2 (drop)',
    ['S2'],
    ['S1-S2', 'S2-S1', 'S2-S3', 'S3-S2'],
  ],
  [{ kind: 'ring', nodes: ['S2', 'S1', 'S3'], how: 'drop' }, 'ring S2 S1 S3 (drop)', ['S3'], ['S2-S3', 'S3-S2']],
  [{ kind: 'pause', node: 'S1' }, 'pause S1', ['S1'], []],
])('of three servers %j loses these messages and no others', (fault, shown, touched, lost) => {
  const three = five.slice(0, 3);
  const pairs = three.flatMap((from) => three.flatMap((to) => (from === to ? [] : [[from, to] as const])));
  const losing = pairs.filter(([from, to]) => loses(fault, from, to));
  expect(losing.map((pair) => pair.join('-'))).toEqual(lost);
  expect(showFault(fault)).toBe(shown);
  expect(touchedBy(fault)).toEqual(touched);
});

test('in a ring of five each server reaches two others, the first and the last each other', () => {
  const ring: Fault = { kind: 'ring', nodes: ['S3', 'S1', 'S5', 'S2', 'S4'], how: 'cut' };
  const reached = (from: string) => five.filter((to) => to !== from && !loses(ring, from, to));
  expect(five.map(reached)).toEqual([
    ['S3', 'S5'],
    ['S4', 'S5'],
    ['S1', 'S4'],
    ['S2', 'S3'],
    ['S1', 'S2'],
  ]);
  expect(touchedBy(ring)).toHaveLength(2);
});
