import { describe, expect, test } from '@jest/globals';
import { LoneHome, transfer } from './testing/lone-home.js';

function connected(options: ConstructorParameters<typeof LoneHome>[0] = {}): LoneHome {
  const home = new LoneHome(options);
  for (const peer of ['S2', 'S3']) home.link(peer);
  return home;
}

describe('a repeat gets the answer of the first', () => {
  test('while the transfer waits for a round it joins it, and both are answered', () => {
    const home = connected();
    home.transfer('a', '150 to S3');
    expect(home.transfer('a', '150 to S3')).toEqual([]);
    home.promise('S2', transfer('z', '100 to S1', 'S2'));
    home.promise('S3');
    expect(home.accept('S2')).toEqual([
      'write block 1, S2=0, S1=200, entry 1 a, outcome a consensus',
      '1: consensus 1',
      '2: consensus 1',
    ]);
    expect(home.spendable()).toBe(50n);
  });

  test('after it was executed, before and after its block and a restart', () => {
    const home = connected();
    home.transfer('a', '60 to S2');
    expect(home.transfer('a', '60 to S2')).toEqual(['2: local 1']);
    home.restart();
    expect(home.transfer('a', '60 to S2')).toEqual(['3: local 1']);
    home.block('S2', [], [transfer('a', '60 to S2')]);
    expect(home.transfer('a', '60 to S2')).toEqual(['4: local 1 committed']);
    home.restart();
    expect(home.transfer('a', '60 to S2')).toEqual(['5: local 1 committed']);
  });

  test('after it was refused, though the money has come since, and after a restart', () => {
    const home = connected();
    home.transfer('a', '150 to S3', { short: 'reject' });
    home.promise('S2');
    home.promise('S3');
    home.block('S2', [transfer('z', '100 to S1', 'S2')]);
    expect(home.transfer('a', '150 to S3', { short: 'reject' })).toEqual(['2: rejected']);
    expect(home.last).toMatchObject({ outcome: { reason: 'insufficient funds: S1 holds 100, 150 needed' } });
    home.restart();
    expect(home.transfer('a', '150 to S3')).toEqual(['3: rejected']);
  });

  test('after it was refused for want of a majority, and after a restart', () => {
    const home = connected();
    home.transfer('a', '150 to S3', { short: 'reject' });
    home.wait(2999);
    expect(home.transfer('a', '150 to S3', { short: 'reject' })).toEqual(['2: rejected']);
    home.restart();
    expect(home.transfer('a', '150 to S3', { short: 'reject' })).toEqual(['3: rejected']);
  });

  test('while it is pending, also after a restart, and once it left the queue', () => {
    const home = connected({ queueRounds: 'on-request' });
    home.transfer('a', '150 to S3');
    home.wait(2999);
    expect(home.transfer('a', '150 to S3')).toEqual(['2: pending']);
    home.restart();
    expect(home.transfer('a', '150 to S3')).toEqual(['3: pending']);
    home.block('S2', [transfer('z', '100 to S1', 'S2')]);
    expect(home.transfer('a', '150 to S3')).toEqual(['4: consensus 1']);
  });
});

describe('an id belongs to its account from arrival on', () => {
  const conflict = (operation: number): string => `${operation}: id_conflict: id: "a" was used for 150 to S3 before`;

  test('other content is refused while the first waits for a round, is pending, and is decided', () => {
    const home = connected({ queueRounds: 'on-request' });
    home.transfer('a', '150 to S3');
    expect(home.transfer('a', '151 to S3')).toEqual([conflict(2)]);
    expect(home.transfer('a', '150 to S2')).toEqual([conflict(3)]);
    home.wait(2999);
    expect(home.transfer('a', '1 to S3')).toEqual([conflict(4)]);
    home.block('S2', [transfer('z', '100 to S1', 'S2')]);
    home.restart();
    expect(home.transfer('a', '1 to S3')).toEqual([conflict(5)]);
  });

  test('another account may use it', () => {
    const accounts = ['S1', 'A1', 'S2', 'S3'].map((id) => ({ id, home: id === 'A1' ? 'S1' : id, initial: 100n }));
    const home = connected({ accounts });
    home.transfer('a', '10 to S3');
    expect(home.transfer('a', '20 to S3', { from: 'A1' })[1]).toBe('2: local 2');
  });
});

describe('outcomes are kept for the window', () => {
  test('the oldest beyond it are forgotten, and their ids are free again', () => {
    const home = connected({ window: 2 });
    for (const id of ['a', 'b', 'c']) {
      home.transfer(id, '1 to S2');
      home.block('S2', [], [transfer(id, '1 to S2')]);
    }
    expect(home.keys('state/outcome/')).toHaveLength(2);
    expect(home.transfer('b', '1 to S2')).toEqual(['4: local 2 committed']);
    expect(home.transfer('a', '1 to S2')[1]).toBe('5: local 4');
  });

  test('an id in the log never leaves it', () => {
    const home = connected({ window: 1 });
    for (const id of ['a', 'b', 'c']) home.transfer(id, '1 to S2');
    home.restart();
    expect(home.transfer('a', '1 to S2')).toEqual(['4: local 1']);
    expect(home.keys('state/outcome/')).toHaveLength(3);
  });

  test('an id in the queue never leaves it', () => {
    const home = connected({ window: 1, queueRounds: 'on-request' });
    home.transfer('a', '150 to S3');
    home.wait(2999);
    for (const id of ['b', 'c', 'd']) {
      home.transfer(id, '150 to S3', { short: 'reject' });
      home.wait(2999);
    }
    home.restart();
    expect(home.transfer('a', '150 to S3')).toEqual(['5: pending']);
  });
});
