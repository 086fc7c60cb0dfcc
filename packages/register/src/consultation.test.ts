import { expect, test } from '@jest/globals';
import { Consultation } from './consultation.js';
import type { ReplicaReply } from './protocol.js';
import { life } from './testing/lone-node.js';
import { bytes } from './testing/notation.js';

const timestamp = { counter: 3, writer: 'S1', incarnation: life(1) };
const reply: ReplicaReply = { timestamp, value: bytes('x'), replicas: 3, basis: life(9) };
const nothing: ReplicaReply = { ...reply, timestamp: undefined, value: undefined };

function consulted(...replies: (readonly [node: string, reply: ReplicaReply])[]): Consultation {
  const consultation = new Consultation();
  for (const [node, one] of replies) consultation.add(node, one);
  return consultation;
}

test('a majority that holds the same write agrees; less does not', () => {
  expect(consulted()).toMatchObject({ agrees: false, differs: false });
  expect(consulted(['S1', reply])).toMatchObject({ agrees: false, differs: false });
  expect(consulted(['S1', reply], ['S3', { ...reply, value: undefined }])).toMatchObject({ agrees: true });
});

test('a majority that holds nothing agrees', () => {
  expect(consulted(['S2', nothing], ['S3', nothing])).toMatchObject({ agrees: true, differs: false });
});

test.each([
  [1, 1],
  [2, 2],
  [4, 3],
  [5, 3],
])('of the %i replicas that replies name, %i make a majority', (replicas, majority) => {
  const all = ['S1', 'S2', 'S3', 'S4', 'S5'].map((node) => [node, { ...reply, replicas }] as const);
  expect(consulted(...all.slice(0, majority)).agrees).toBe(true);
  expect(consulted(...all.slice(0, majority - 1)).agrees).toBe(false);
});

test.each<[string, ReplicaReply]>([
  ['a newer write', { ...reply, timestamp: { ...timestamp, counter: 4 } }],
  ['an older write', { ...reply, timestamp: { ...timestamp, counter: 2 } }],
  ['the write of another node', { ...reply, timestamp: { ...timestamp, writer: 'S2' } }],
  ['the write of another life of that node', { ...reply, timestamp: { ...timestamp, incarnation: life(2) } }],
  ['nothing', nothing],
  ['the same write, on other disks or of other replicas', { ...reply, basis: life(8) }],
  ['the same write, of more replicas', { ...reply, replicas: 5 }],
])('who holds %s does not agree, and nobody makes up for it', (_, other) => {
  const consultation = consulted(['S1', reply], ['S2', other]);
  expect(consultation).toMatchObject({ agrees: false, differs: true });
  consultation.add('S3', reply);
  expect(consultation).toMatchObject({ agrees: false, differs: true });
});

test('one replica is not two', () => {
  expect(consulted(['S1', reply], ['S1', reply]).agrees).toBe(false);
});
