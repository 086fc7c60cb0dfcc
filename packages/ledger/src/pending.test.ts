import { describe, expect, test } from '@jest/globals';
import { LoneHome, transfer } from './testing/lone-home.js';

/** S1 is short of what `a` and `b` need, in this order; the round that showed it is over. */
function waiting(options: ConstructorParameters<typeof LoneHome>[0] = {}): LoneHome {
  const home = new LoneHome(options);
  for (const peer of ['S2', 'S3']) home.link(peer);
  home.transfer('a', '150 to S3');
  home.promise('S2');
  home.promise('S3');
  home.transfer('b', '120 to S3');
  return home;
}

describe('the queue of an account', () => {
  test('a transfer behind a pending one joins at once, durable before it is answered', () => {
    const home = waiting({ queueRounds: 'on-request' });
    expect(home.transfer('c', '1 to S3')).toEqual(['write queue c', '3: pending']);
    expect(home.last).toMatchObject({ outcome: { reason: '2 pending before it' } });
  });

  test('who does not want to wait is refused by a round of its own, and overtakes nobody', () => {
    const home = waiting({ queueRounds: 'on-request' });
    expect(home.transfer('c', '1 to S3', { short: 'reject' })).toEqual(['round 2']);
    home.promise('S2');
    expect(home.promise('S3')).toEqual(['write outcome c rejected', '3: rejected']);
    const reason = 'insufficient funds: 2 pending before it, S1 holds 100, 1 needed';
    expect(home.last).toMatchObject({ outcome: { reason } });
  });

  test('a received block executes the covered heads, first in first out, in its own write', () => {
    const home = waiting({ queueRounds: 'on-request' });
    expect(home.block('S2', [transfer('z', '100 to S1', 'S2')])).toEqual([
      'write block 1, S2=0, S1=200, -queue a, entry 1 a, outcome a consensus',
    ]);
    expect(home.spendable()).toBe(50n);
    expect(home.block('S3', [transfer('y', '70 to S1', 'S3')])).toEqual([
      'write block 2, S3=30, S1=270, -queue b, entry 2 b, outcome b consensus',
    ]);
  });

  test('a head that is not covered holds back those behind it that would be', () => {
    const home = waiting({ queueRounds: 'on-request' });
    expect(home.block('S2', [transfer('z', '30 to S1', 'S2')])).toEqual(['write block 1, S2=70, S1=130']);
    expect(home.spendable()).toBe(130n);
  });

  test('its order outlives a restart', () => {
    const home = waiting({ queueRounds: 'on-request' });
    home.restart();
    home.transfer('c', '1 to S3');
    home.restart();
    expect(home.ask({ type: 'log' })).toEqual(['4: log']);
    expect(home.last).toMatchObject({ log: { pending: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] } });
  });
});

describe('rounds of the queue', () => {
  const rounds = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith('round'));

  test('a transfer that joins starts one', () => {
    const home = waiting();
    expect(rounds(home.wait(50))).toEqual(['round 2']);
  });

  test('the queue itself starts one, later and later, and the money it finds is spent at once', () => {
    const home = waiting();
    home.wait(50);
    home.promise('S2');
    home.promise('S3'); // the round of the joining transfer finds nothing
    expect(rounds(home.wait(1000))).toEqual(['round 3']);
    home.promise('S2', transfer('z', '50 to S1', 'S2'));
    home.promise('S3');
    expect(home.accept('S2')).toEqual(['write block 1, S2=50, S1=150, -queue a, entry 1 a, outcome a consensus']);
  });

  test('a peer that comes back starts one: that which makes a majority, and each after it', () => {
    const home = waiting();
    for (const peer of ['S2', 'S3']) home.link(peer, false);
    home.wait(100_000); // by now it tries only every 8 s or so
    expect(home.wait(100)).toEqual([]);
    expect(home.link('S2')).toEqual([]);
    expect(rounds(home.wait(1))).toHaveLength(1);
    home.wait(5000);
    expect(home.link('S3')).toEqual([]);
    expect(rounds(home.wait(1))).toHaveLength(1);
  });

  test('none is started on request only, unless requested', () => {
    const home = waiting({ queueRounds: 'on-request' });
    home.link('S2', false);
    expect([...home.link('S2'), ...home.wait(120_000)]).toEqual([]);
    expect(home.ask({ type: 'attempt-queue', account: 'S1', gather: undefined })).toEqual(['round 2']);
  });

  test('none follows when a block has emptied the queue', () => {
    const home = waiting();
    expect(rounds(home.wait(50))).toEqual(['round 2']);
    expect(home.block('S2', [transfer('z', '100 to S1', 'S2')])).toContainEqual(expect.stringContaining('-queue a'));
    expect(home.block('S3', [transfer('y', '70 to S1', 'S3')])).toEqual([
      'write block 2, S3=30, S1=270, -queue b, entry 2 b, outcome b consensus',
    ]);
    expect(home.wait(60_000)).toEqual([]);
  });
});

describe('attempt-queue', () => {
  const attempt = { type: 'attempt-queue', account: 'S1', gather: undefined } as const;

  test('ends with the heads that were executed, after a round shows that the next stays short', () => {
    const home = waiting({ queueRounds: 'on-request' });
    expect(home.ask(attempt)).toEqual(['round 2']);
    home.promise('S2', transfer('z', '100 to S1', 'S2'));
    home.promise('S3');
    // `a` takes the money; `b` is a new head, and attempted like a new transfer.
    expect(home.accept('S2')).toContainEqual('round 3');
    home.promise('S2');
    home.promise('S3');
    expect(home.accept('S2')).toEqual(['write block 2, -entry 1 a, S1=50, S3=250', '3: queue [a]']);
  });

  test('ends at once when nothing waits, and when the queue is empty', () => {
    const home = waiting({ queueRounds: 'on-request' });
    expect(home.ask({ ...attempt, gather: ['S1'] })).toEqual(['3: queue []']); // too few for a round
    home.ask(attempt);
    home.block('S2', [transfer('z', '100 to S1', 'S2')]);
    expect(home.block('S3', [transfer('y', '100 to S1', 'S3')]).at(-1)).toBe('4: queue [a, b]');
    expect(home.ask(attempt)).toEqual(['5: queue []']);
  });

  test.each([
    ['S9', undefined, 'unknown_account: account: there is no account "S9"'],
    ['S2', undefined, "wrong_home: S2's transfers are executed by S2, not by S1"],
    ['S1', ['S1', 'S9'], 'unknown_server: gather: there is no server "S9"'],
  ])('refuses %s gathered from %s', (account, gather, error) => {
    const home = waiting({ queueRounds: 'on-request' });
    expect(home.ask({ type: 'attempt-queue', account, gather })).toEqual([`3: ${error}`]);
  });
});
