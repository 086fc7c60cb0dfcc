import { describe, expect, test } from '@jest/globals';
import { Outcomes } from './outcomes.js';
import { transfer } from './testing/lone-home.js';

const decision = (id: string, sequence: number) =>
  ({ transfer: transfer(id, '1 to S2'), status: 'local', sequence, reason: '' }) as const;
const notInLog = (): boolean => false;

describe('Outcomes', () => {
  test('finds by account and id', () => {
    const outcomes = new Outcomes(10);
    const put = outcomes.add(decision('a', 1));
    expect(outcomes.find('S1', 'a')).toEqual(decision('a', 1));
    expect(outcomes.find('S2', 'a')).toBeUndefined();
    expect(put).toEqual({
      key: 'state/outcome/00000000000001',
      value: { kind: 'outcome', number: 1, ...decision('a', 1) },
    });
  });

  test('refuses to decide an id twice', () => {
    const outcomes = new Outcomes(10);
    outcomes.add(decision('a', 1));
    expect(() => outcomes.add(decision('a', 2))).toThrow('transfer a of S1 is decided twice');
  });

  test('forgets the oldest beyond the window, and stops at the first that is still in the log', () => {
    const outcomes = new Outcomes(2);
    for (const [i, id] of ['a', 'b', 'c', 'd', 'e'].entries()) outcomes.add(decision(id, i + 1));
    expect(outcomes.prune((sequence) => sequence === 2).map(({ key }) => key)).toEqual([
      'state/outcome/00000000000001',
    ]);
    expect(outcomes.find('S1', 'b')).toBeDefined();
    expect(outcomes.prune(notInLog)).toHaveLength(2);
    expect(['a', 'b', 'c', 'd', 'e'].filter((id) => outcomes.find('S1', id))).toEqual(['d', 'e']);
  });

  test('goes on counting after a restart, whatever was forgotten before', () => {
    const before = new Outcomes(2);
    const puts = ['a', 'b', 'c', 'd'].map((id, i) => before.add(decision(id, i + 1)));
    const after = new Outcomes(2);
    for (const { value } of puts.slice(2)) after.recover(value!, value!.number);
    expect(after.add(decision('e', 5)).key).toBe('state/outcome/00000000000005');
    expect(after.prune(notInLog).map(({ key }) => key)).toEqual(['state/outcome/00000000000003']);
  });

  // A second; minutes, and so the end of Jest's patience, if each looked for the oldest.
  test('prunes a million in linear time', () => {
    const outcomes = new Outcomes(500_000);
    for (let i = 0; i < 500_000; i++) outcomes.add(decision(`a${i}`, 0));
    let pruned = 0;
    for (let i = 0; i < 500_000; i++) {
      outcomes.add(decision(`b${i}`, 0));
      pruned += outcomes.prune(notInLog).length;
    }
    expect(pruned).toBe(500_000);
  });
});
