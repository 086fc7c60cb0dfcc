import { describe, expect, test } from '@jest/globals';
import { textOf } from '../../layout/line.js';
import { beginSet, decide, type FateRow, type SetModel } from '../../model/sets.js';
import { fateLines } from './set-lines.js';

const row = (n: number, reason = ''): FateRow => {
  return { id: `1-${n}`, transfer: `S1 → S2: ${n}`, fate: reason === '' ? 'local' : 'pending', reason };
};
const shown = (set: SetModel, rows: number) =>
  fateLines(set, rows, 80).map((line) => textOf(line).trim().split(' ')[0]);

describe('fates of more transfers than there is room for', () => {
  const playing = [row(1), row(2, 'short'), row(3), row(4), row(5)].reduce(decide, beginSet('1', ['S1', 'S2'], 5));

  test('are the newest while the set is played', () => expect(shown(playing, 3)).toEqual(['1-3', '1-4', '1-5']));
  test('have among them why a transfer waits, once the set is done', () => {
    const done = { ...playing, isDone: true };
    expect(shown(done, 3)).toEqual(['1-2', '1-4', '1-5']);
    expect(shown(done, 1)).toEqual(['1-2']);
    expect(shown(done, 9)).toEqual(['1-1', '1-2', '1-3', '1-4', '1-5']);
  });
  test('leave room for what left an earlier queue', () => {
    const done = { ...playing, isDone: true, late: [{ ...row(9), id: '0-9' }] };
    expect(shown(done, 3)).toEqual(['1-2', '1-5', '0-9']);
  });
});
