import { describe, expect, test } from '@jest/globals';
import { LoneHome, transfer } from './testing/lone-home.js';

function connected(): LoneHome {
  const home = new LoneHome();
  for (const peer of ['S2', 'S3']) home.link(peer);
  return home;
}

const committed = { durability: 'committed' } as const;

describe('durability: committed', () => {
  test('is answered when the block is, by a round that is started for it', () => {
    const home = connected();
    expect(home.transfer('a', '60 to S2', committed)).toEqual(['write entry 1 a, outcome a local', 'round 1']);
    home.promise('S2');
    home.promise('S3');
    expect(home.accept('S2')).toEqual(['write block 1, -entry 1 a, S1=40, S2=160', '1: local 1 committed']);
  });

  test('is answered by the block of another', () => {
    const home = connected();
    home.transfer('a', '60 to S2', committed);
    expect(home.block('S2', [], [transfer('a', '60 to S2')]).at(-1)).toBe('1: local 1 committed');
  });

  test('holds after a shortage, too: executed in one block, answered with the next', () => {
    const home = connected();
    home.transfer('a', '150 to S2', committed);
    home.promise('S2', transfer('z', '50 to S1', 'S2'));
    home.promise('S3');
    expect(home.accept('S2')).toEqual(['write block 1, S2=50, S1=150, entry 1 a, outcome a consensus', 'round 2']);
    home.promise('S2');
    home.promise('S3');
    expect(home.accept('S2').at(-1)).toBe('1: consensus 1 committed');
  });

  test('each who asks under one id gets what it asked for', () => {
    const home = connected();
    home.transfer('a', '150 to S2');
    home.transfer('a', '150 to S2', committed);
    const lines = home.block('S2', [transfer('z', '50 to S1', 'S2')]);
    expect(lines).toContain('1: consensus 1');
    expect(lines.filter((line) => line.startsWith('2:'))).toEqual([]);
    expect(home.transfer('a', '150 to S2')).toEqual(['3: consensus 1']);
    expect(home.transfer('a', '150 to S2', committed)).toEqual([]);
    expect(home.block('S3', [], [transfer('a', '150 to S2')]).slice(1)).toEqual([
      '2: consensus 1 committed',
      '4: consensus 1 committed',
    ]);
  });

  test('without a majority it is told in less than 3 s that it is executed, and not committed', () => {
    const home = connected();
    home.transfer('a', '60 to S2', committed);
    expect(home.wait(2999)).toEqual(['1: local 1']);
    const reason = 'executed, but not committed yet: no majority answered: 3 of 3 servers connected, 2 needed';
    expect(home.last).toMatchObject({ outcome: { committed: false, reason } });
    expect(home.spendable()).toBe(40n);
  });

  test('a pending transfer is answered pending', () => {
    const home = connected();
    home.transfer('a', '150 to S2', committed);
    home.promise('S2');
    expect(home.promise('S3').at(-1)).toBe('1: pending');
  });
});
