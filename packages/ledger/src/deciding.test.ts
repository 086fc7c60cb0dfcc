import { describe, expect, test } from '@jest/globals';
import { LoneHome, transfer } from './testing/lone-home.js';

/** S1's peers are connected, and S2's log holds what the test says. */
function connected(options: ConstructorParameters<typeof LoneHome>[0] = {}): LoneHome {
  const home = new LoneHome(options);
  for (const peer of ['S2', 'S3']) home.link(peer);
  return home;
}

/** The running round gathers the logs of all, and its block, if it has one, is chosen. */
function finish(home: LoneHome, ...logOfS2: Parameters<LoneHome['promise']>[1][]): string[] {
  const isEmpty = logOfS2.length === 0 && home.keys('state/log/').length === 0;
  home.promise('S2', ...logOfS2);
  const lines = home.promise('S3');
  return isEmpty ? lines : home.accept('S2');
}

describe('local execution', () => {
  test('a covered transfer enters the log and is answered, durable in one write, without a round', () => {
    const home = connected();
    expect(home.transfer('a', '60 to S2')).toEqual(['write entry 1 a, outcome a local', '1: local 1']);
    expect(home.transfer('b', '40 to S3')).toEqual(['write entry 2 b, outcome b local', '2: local 2']);
  });

  test('spendable is what no transfer of the log has taken, before any block', () => {
    const home = connected();
    home.transfer('a', '60 to S2');
    expect(home.spendable()).toBe(40n);
    expect(home.transfer('b', '41 to S2')).toEqual(['round 1']);
  });

  test('check and append are one step: two transfers of the whole balance, decided before either is durable', () => {
    const home = connected();
    expect(home.transfer('a', '100 to S2')[0]).toBe('write entry 1 a, outcome a local');
    expect(home.transfer('b', '100 to S3')).toEqual(['round 1']);
  });

  test('what a log held before a restart is still spent after it', () => {
    const home = connected();
    home.transfer('a', '60 to S2');
    home.restart();
    expect(home.spendable()).toBe(40n);
  });

  test('the receiver is credited when the block commits, not before', () => {
    const home = connected();
    home.transfer('a', '60 to S2');
    expect(home.spendable('S2')).toBe(100n);
    expect(home.block('S2', [], [transfer('a', '60 to S2')])).toEqual(['write block 1, -entry 1 a, S1=40, S2=160']);
    expect(home.spendable('S2')).toBe(160n);
  });

  test('numbers go on where the last block ended, also after a restart with an empty log', () => {
    const home = connected();
    home.transfer('a', '10 to S2');
    home.block('S2', [], [transfer('a', '10 to S2')]);
    expect(home.transfer('b', '10 to S2')[1]).toBe('2: local 2');
    home.block('S2', [], [transfer('b', '10 to S2')]);
    home.restart();
    expect(home.transfer('c', '10 to S2')[1]).toBe('3: local 3');
  });

  test('a block takes exactly its own entries out of the log; later ones stay, and stay spent', () => {
    const home = connected();
    home.transfer('a', '10 to S2');
    home.transfer('b', '20 to S2');
    expect(home.block('S2', [], [transfer('a', '10 to S2')])).toEqual(['write block 1, -entry 1 a, S1=90, S2=110']);
    expect(home.keys('state/log/')).toHaveLength(1);
    expect(home.spendable()).toBe(70n);
  });

  test('a block that arrives twice is applied once', () => {
    const home = connected();
    home.block('S2', [transfer('z', '30 to S1', 'S2')]);
    expect(home.redeliver('S3')).toEqual([]);
    expect(home.spendable()).toBe(130n);
  });
});

describe('shortage', () => {
  test('a round that brings the money executes the transfer in the write of its block', () => {
    const home = connected();
    expect(home.transfer('a', '150 to S3')).toEqual(['round 1']);
    expect(finish(home, transfer('z', '60 to S1', 'S2'))).toEqual([
      'write block 1, S2=40, S1=160, entry 1 a, outcome a consensus',
      '1: consensus 1',
    ]);
  });

  test.each([
    ['queue', ['write queue a', '1: pending']],
    ['reject', ['write outcome a rejected', '1: rejected']],
  ] as const)('with nothing in any log there is no block, and the answer of %s is durable first', (short, lines) => {
    const home = connected();
    home.transfer('a', '150 to S3', { short });
    expect(finish(home)).toEqual(lines);
    expect(home.last).toMatchObject({ outcome: { reason: 'insufficient funds: S1 holds 100, 150 needed' } });
  });

  test('a round whose block does not bring enough decides, too', () => {
    const home = connected();
    home.transfer('a', '150 to S3', { short: 'reject' });
    expect(finish(home, transfer('z', '49 to S1', 'S2'))).toEqual([
      'write block 1, S2=51, S1=149, outcome a rejected',
      '1: rejected',
    ]);
  });

  test("a foreign block decides nothing but what it covers: the home's own fresh round follows", () => {
    const home = connected();
    home.transfer('a', '150 to S3', { short: 'reject' });
    expect(home.block('S2', [transfer('z', '10 to S1', 'S2')])).toEqual(['write block 1, S2=90, S1=110', 'round 2']);
    expect(finish(home)).toEqual(['write outcome a rejected', '1: rejected']);
  });

  test('a foreign block that covers it executes it, and no round follows', () => {
    const home = connected();
    home.transfer('a', '150 to S3');
    expect(home.block('S2', [transfer('z', '50 to S1', 'S2')])).toEqual([
      'write block 1, S2=50, S1=150, entry 1 a, outcome a consensus',
      '1: consensus 1',
    ]);
    expect(home.wait(3000)).toEqual([]);
  });

  test('a round that started before a transfer arrived does not decide it: the next one does', () => {
    const home = connected();
    home.transfer('a', '150 to S3', { short: 'reject' });
    home.promise('S2');
    expect(home.transfer('b', '150 to S3', { short: 'reject' })).toEqual([]);
    expect(home.promise('S3')).toEqual(['write outcome a rejected', '1: rejected', 'round 2']);
    expect(finish(home)).toEqual(['write outcome b rejected', '2: rejected']);
  });

  test('a log longer than a promise carries is gathered to its end before an account counts as short', () => {
    const home = connected({ limits: { gatherEntries: 1 } });
    home.transfer('a', '1 to S2');
    home.transfer('b', '1 to S2');
    home.transfer('c', '150 to S3', { short: 'reject' });
    home.promise('S2');
    home.promise('S3');
    expect(home.accept('S2')).toEqual(['write block 1, -entry 1 a, S1=99, S2=101', 'round 2']);
    home.promise('S2');
    home.promise('S3');
    expect(home.accept('S2')).toEqual(['write block 2, -entry 2 b, S1=98, S2=102, outcome c rejected', '3: rejected']);
  });

  test('many short transfers share one round', () => {
    const home = connected();
    const first = home.transfer('t0', '101 to S2');
    const others = Array.from({ length: 20 }, (_, i) => home.transfer(`t${i + 1}`, '101 to S2')).flat();
    expect([...first, ...others]).toEqual(['round 1']);
    // Those that came while the round was under way wait for one more, together.
    const lines = [...finish(home), ...finish(home)];
    expect(lines.filter((line) => line.startsWith('round'))).toEqual([]);
    expect(lines.filter((line) => line.endsWith('pending'))).toHaveLength(21);
  });

  test('a transfer behind one that waits is not overtaken, though it would be covered', () => {
    const home = connected();
    expect(home.transfer('big', '150 to S3', { short: 'reject' })).toEqual(['round 1']);
    expect(home.transfer('small', '10 to S3')).toEqual([]);
    expect(finish(home)).toEqual([
      'write outcome big rejected, entry 1 small, outcome small consensus',
      '1: rejected',
      '2: consensus 1',
    ]);
  });

  test('accounts of one home wait each for itself', () => {
    const accounts = ['S1', 'A1', 'S2'].map((id) => ({ id, home: id === 'S2' ? 'S2' : 'S1', initial: 100n }));
    const home = connected({ accounts });
    expect(home.transfer('a', '150 to S2')).toEqual(['round 1']);
    expect(home.transfer('a', '50 to S2', { from: 'A1' })[1]).toBe('2: local 1');
  });
});

describe('no majority', () => {
  test.each([
    ['queue', 'pending', 'write queue a'],
    ['reject', 'rejected', 'write outcome a rejected'],
  ] as const)('%s is answered %s, durably and in less than 3 s, when nobody answers', (short, status, write) => {
    const home = connected();
    home.transfer('a', '150 to S3', { short });
    expect(home.wait(2999)).toEqual(expect.arrayContaining([write, `1: ${status}`]));
    const reason = 'no majority answered: 3 of 3 servers connected, 2 needed';
    expect(home.last).toMatchObject({ outcome: { reason } });
  });

  test('all who wait are answered together, whenever they came', () => {
    const home = connected({ queueRounds: 'on-request' });
    home.transfer('a', '150 to S3');
    home.wait(1000);
    home.transfer('b', '150 to S3', { short: 'reject' });
    home.link('S3', false);
    expect(home.wait(1999)).toEqual(['write queue a, outcome b rejected', '1: pending', '2: rejected']);
    const reason = 'no majority answered: 2 of 3 servers connected, 2 needed';
    expect(home.last).toMatchObject({ outcome: { reason } });
  });
});

describe('not ready', () => {
  test.each([
    [3, 'S1 is new: it takes part once 2 of its 2 peers know it; nothing was done'],
    [4, 'S1 is new: it takes part once 2 of its 3 peers know it; nothing was done'],
    [5, 'S1 is new: it takes part once 3 of its 4 peers know it; nothing was done'],
  ])('of %i servers, a new one says truthfully how many peers must know it', (servers, message) => {
    const home = new LoneHome({ servers, known: false });
    expect(home.transfer('a', '10 to S2').at(-1)).toBe(`1: not_ready: ${message}`);
    const needed = Number(/once (\d)/.exec(message)![1]);
    const identity = JSON.stringify(home.record('state/paxos/identity')).match(/"identity":"(?<id>\w{16})"/)!.groups![
      'id'
    ]!;
    for (let i = 1; i <= needed; i++) {
      expect(home.transfer('a', '10 to S2').at(-1)).toContain('not_ready');
      home.deliver(`S${i + 1}`, { type: 'acquainted', ballot: { round: 0, server: 'S1' }, height: 0, identity });
    }
    expect(home.transfer('a', '10 to S2').at(-1)).toContain('local 1');
  });

  test('a server alone is ready', () => {
    const home = new LoneHome({
      servers: 1,
      known: false,
      accounts: ['S1', 'B'].map((id) => ({ id, home: 'S1', initial: 9n })),
    });
    expect(home.transfer('a', '9 to B')[1]).toBe('1: local 1');
    expect(home.transfer('b', '1 to B', { short: 'reject' }).at(-1)).toBe('2: rejected');
  });
});
