// The steps of the argument in docs/registers.md, for all majorities of up to seven replicas.
import { describe, expect, test } from '@jest/globals';
import { quorumSize } from '@synod/kernel';
import { copiesNeeded } from './copies-needed.js';

/** All sets of `size` of the replicas but `without`, as bits. */
function sets(replicas: number, size: number, without?: number): number[] {
  const all = Array.from({ length: 2 ** replicas }, (_, bits) => bits);
  const count = (bits: number): number => bits.toString(2).replaceAll('0', '').length;
  return all.filter((bits) => count(bits) === size && (without === undefined || !(bits & (1 << without))));
}

describe.each([2, 3, 4, 5, 6, 7])('of %i replicas, those that are copied', (replicas) => {
  const majorities = sets(replicas, quorumSize(replicas));
  const copies = (replaced: number): number[] => sets(replicas, copiesNeeded(replicas), replaced);

  test('share a node with every majority that the former disk was in: what it acknowledged is copied', () => {
    for (const copied of copies(0)) for (const majority of majorities) expect(majority & copied).not.toBe(0);
  });

  test('leave no majority, the former disk included, that has not heard of the replacement', () => {
    const all = 2 ** replicas - 1;
    for (const copied of copies(0)) expect(majorities.filter((majority) => !(majority & ~(all & ~copied)))).toEqual([]);
  });

  (replicas > 2 ? test : test.failing)('share a node with those that another replacement copies', () => {
    for (const copied of copies(0)) for (const other of copies(1)) expect(copied & other).not.toBe(0);
  });
});
