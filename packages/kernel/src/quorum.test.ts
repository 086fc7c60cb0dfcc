import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Quorum, quorumSize } from './quorum.js';

describe('quorum size', () => {
  test.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [7, 4],
  ])('of %i members is %i', (members, size) => {
    expect(quorumSize(members)).toBe(size);
  });

  test('any two quorums of one membership share a member, and no smaller size would do', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (members) => {
        const size = quorumSize(members);
        expect(2 * size).toBeGreaterThan(members);
        expect(2 * (size - 1)).toBeLessThanOrEqual(members);
      }),
    );
  });
});

describe('counting a quorum', () => {
  const members = ['S1', 'S2', 'S3', 'S4', 'S5'];

  test('a member that answers twice counts once', () => {
    const quorum = new Quorum(members);
    expect([quorum.add('S1'), quorum.add('S1'), quorum.add('S2')]).toEqual([true, false, true]);
    expect(quorum.reached).toBe(false);
    quorum.add('S3');
    expect(quorum.reached).toBe(true);
    expect(quorum.heard).toEqual(['S1', 'S2', 'S3']);
  });

  test('strangers do not count', () => {
    const quorum = new Quorum(members);
    for (const stranger of ['S6', 'S7', 'S8']) expect(quorum.add(stranger)).toBe(false);
    expect(quorum.heard).toEqual([]);
    expect(quorum.has('S6')).toBe(false);
  });

  test('is complete only when all have been heard', () => {
    const quorum = new Quorum(members);
    for (const member of members.slice(1)) quorum.add(member);
    expect(quorum).toMatchObject({ reached: true, complete: false });
    quorum.add('S1');
    expect(quorum.complete).toBe(true);
  });

  test('a membership that names a node twice has it once', () => {
    expect(new Quorum(['S1', 'S2', 'S2', 'S3', 'S3']).size).toBe(2);
  });
});
