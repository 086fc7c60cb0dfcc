import { describe, expect, test } from '@jest/globals';
import { compareTimestamps, isNewer, type Timestamp } from './timestamp.js';

const at = (counter: number, writer: string, incarnation = '0'): Timestamp => ({ counter, writer, incarnation });

describe('timestamps', () => {
  test('are ordered by counter, then by writer in natural order, then by incarnation', () => {
    const ordered = [at(1, 'S10'), at(2, 'S2'), at(2, 'S10', '0a'), at(2, 'S10', 'ff'), at(10, 'S1')];
    const shuffled = [3, 0, 4, 2, 1].map((i) => ordered[i]!);
    expect(shuffled.sort(compareTimestamps)).toEqual(ordered);
  });

  test('are equal only in all three', () => {
    expect(compareTimestamps(at(1, 'S1', 'a'), at(1, 'S1', 'a'))).toBe(0);
    expect(isNewer(at(1, 'S1', 'a'), at(1, 'S1', 'a'))).toBe(false);
  });

  test('stand above a register that was never written', () => {
    expect(isNewer(at(1, 'S1'), undefined)).toBe(true);
  });
});
