import { describe, expect, test } from '@jest/globals';
import { LoneHome, transfer } from './testing/lone-home.js';

const all = { gather: ['S1', 'S2', 'S3'] };

function connected(): LoneHome {
  const home = new LoneHome({ queueRounds: 'on-request' });
  for (const peer of ['S2', 'S3']) home.link(peer);
  return home;
}

describe('a round that must gather from named servers', () => {
  test('waits for each of them, past the time it would give the others', () => {
    const home = connected();
    home.transfer('a', '150 to S3', all);
    home.promise('S2');
    expect(home.wait(5000)).toEqual([]);
    home.promise('S3', transfer('z', '50 to S1', 'S3'));
    expect(home.accept('S2').at(-1)).toBe('1: consensus 1');
  });

  test('fails by name when one is silent for 10 s, and decides nothing', () => {
    const home = connected();
    home.transfer('a', '150 to S3', { ...all, short: 'reject' });
    home.promise('S2');
    expect(home.wait(10_000)).toEqual([
      '1: unavailable: S3 did not contribute to the round in time; nothing was decided',
    ]);
    expect(home.transfer('a', '150 to S3', { short: 'reject' })).toEqual(['round 2']); // the id is free again
  });

  test('fails nobody who did not name the silent one: those go on without it', () => {
    const home = connected();
    home.transfer('a', '150 to S3', all);
    home.transfer('b', '150 to S3', { short: 'reject' });
    home.ask({ type: 'attempt-queue', account: 'S1', gather: undefined });
    home.promise('S2');
    expect(home.wait(10_000)).toContain('round 2');
    home.promise('S2');
    expect(home.wait(500)).toContain('2: rejected');
  });

  test('is none when it names too few for a majority: pending or rejected, at once', () => {
    const home = connected();
    expect(home.transfer('a', '150 to S3', { gather: ['S1', 'S1'] })).toEqual(['write queue a', '1: pending']);
    expect(home.last).toMatchObject({
      outcome: { reason: 'no majority: too few servers to gather from, 2 of 3 needed' },
    });
    expect(home.transfer('b', '150 to S3', { gather: ['S2'], short: 'reject' }).at(-1)).toBe('2: rejected');
  });

  test('with too few named spoils nothing for those who wait for a real round', () => {
    const home = connected();
    expect(home.transfer('a', '150 to S3', { short: 'reject' })).toEqual(['round 1']);
    expect(home.transfer('b', '150 to S3', { short: 'reject', gather: ['S2'] })).toEqual([]);
    home.promise('S2');
    expect(home.promise('S3')).toEqual(['write outcome a rejected, outcome b rejected', '1: rejected', '2: rejected']);
  });

  test('with too few named, a committed transfer waits for a majority all the same', () => {
    const home = connected();
    home.transfer('a', '10 to S3', { durability: 'committed', gather: ['S1'] });
    home.promise('S2');
    home.promise('S3');
    expect(home.accept('S2').at(-1)).toBe('1: local 1 committed');
  });

  test('is refused when it names a stranger', () => {
    expect(connected().transfer('a', '150 to S3', { gather: ['S1', 'S2', 'S9'] })).toEqual([
      '1: unknown_server: gather: there is no server "S9"',
    ]);
  });
});
