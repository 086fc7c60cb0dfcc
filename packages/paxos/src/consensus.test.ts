import { describe, expect, test } from '@jest/globals';
import { makeBlock } from './block.js';
import { paxosKeys } from './records.js';
import { LoneServer } from './testing/lone-server.js';
import { genesis, textCodec } from './testing/text-codec.js';

const five = ['S1', 'S2', 'S3', 'S4', 'S5'];

describe('how a round ends', () => {
  test('fresh: the own block of this attempt, made of logs, is committed', () => {
    const server = new LoneServer(five);
    server.append('a');
    server.want();
    server.promise('S2', 'b');
    server.promise('S3');
    expect(server.applied).toEqual([]);
    server.accepted('S2');
    server.accepted('S3');
    expect(server.ends).toEqual([{ kind: 'fresh', attempt: 1, more: false }]);
    expect(server.applied.map(({ entries }) => entries.map(({ value }) => value))).toEqual([['a', 'b']]);
    expect(server.consensus.leading).toBeUndefined();
  });

  test('empty: nobody has anything, no block is made, and the others are told', () => {
    const server = new LoneServer(five);
    server.want();
    server.promise('S2');
    server.promise('S3');
    expect(server.ends).toEqual([{ kind: 'empty', attempt: 1 }]);
    expect(server.take('accept')).toEqual([]);
    expect(server.take('withdraw').map(({ to }) => to)).toEqual(['S2', 'S3', 'S4', 'S5']);
  });

  test('fresh with more: a log was longer than its promise; further rounds gather the rest', () => {
    const server = new LoneServer(['S1'], {
      limits: { gatherEntries: 2 },
      onEnd: (end, { consensus, now }, effects) => {
        if (end.kind === 'fresh' && end.more) consensus.want(undefined, effects, now);
      },
    });
    for (const value of ['a', 'b', 'c', 'd', 'e']) server.append(value);
    server.want();
    expect(server.ends.map((end) => end.kind === 'fresh' && end.more)).toEqual([true, true, false]);
    expect(server.applied.flatMap(({ entries }) => entries.map(({ value }) => value)).join('')).toBe('abcde');
    expect(server.consensus.log.length).toBe(0);
  });

  test('no-quorum: no majority has answered for 2 s; the ballot is withdrawn', () => {
    const server = new LoneServer(five);
    server.want();
    server.promise('S2');
    server.wait(1999);
    expect(server.ends).toEqual([]);
    server.wait(1);
    expect(server.ends).toEqual([{ kind: 'no-quorum' }]);
    expect(server.take('withdraw').length).toBe(4);
  });

  test('no-quorum in phase 2: a majority promised and then is silent', () => {
    const server = new LoneServer(five, { timing: { gatherMs: 0 } });
    server.append('a');
    server.want();
    server.wait(1500);
    server.promise('S2');
    server.promise('S3');
    server.wait(1999);
    expect(server.ends).toEqual([]);
    server.wait(1);
    expect(server.ends).toEqual([{ kind: 'no-quorum' }]);
  });

  test('several wants while a round runs are one', () => {
    const server = new LoneServer(five);
    server.want();
    server.want();
    expect([server.consensus.attempts, server.take('prepare').length]).toEqual([1, 4]);
  });
});

describe('a round that must gather from named servers', () => {
  test('proposes when each of them has promised, however long that takes, and not before', () => {
    const server = new LoneServer(five);
    server.append('a');
    server.want(['S1', 'S2', 'S3', 'S4']);
    server.promise('S2');
    server.promise('S3');
    server.promise('S5', 'e');
    server.wait(9000);
    expect([server.take('accept'), server.ends]).toEqual([[], []]);
    server.promise('S4', 'd');
    const { block } = server.take('accept')[0]!.message;
    expect(block.entries.map(({ value }) => value)).toEqual(['a', 'd', 'e']);
    server.accepted('S2');
    server.accepted('S3');
    expect(server.ends).toEqual([{ kind: 'fresh', attempt: 1, more: false }]);
  });

  test('names who stays silent for 10 s, and makes no smaller block', () => {
    const server = new LoneServer(five);
    server.append('a');
    server.want(['S1', 'S2', 'S3', 'S4', 'S5']);
    server.promise('S2');
    server.promise('S3');
    server.wait(9999);
    expect(server.ends).toEqual([]);
    server.wait(1);
    expect(server.ends).toEqual([{ kind: 'silent', missing: ['S4', 'S5'] }]);
    expect(server.take('accept')).toEqual([]);
  });

  test('gives the votes of phase 2 the same 10 s: a slow machine must not change what is decided', () => {
    const server = new LoneServer(five);
    server.append('a');
    server.want(['S1', 'S2', 'S3']);
    server.promise('S2');
    server.promise('S3');
    server.wait(9999);
    expect([server.take('accept').length > 0, server.ends]).toEqual([true, []]);
    server.accepted('S2');
    server.wait(1);
    expect(server.ends).toEqual([{ kind: 'silent', missing: ['S3'] }]);
  });

  test.each([
    ['fewer servers than a majority', ['S1', 'S2']],
    ['servers named twice', ['S1', 'S2', 'S2', 'S1']],
  ])('%s: no majority, at once', (_case, gather) => {
    const server = new LoneServer(five);
    server.want(gather);
    expect([server.ends, server.take('prepare')]).toEqual([[{ kind: 'no-quorum' }], []]);
  });
});

describe('whom a round waits for', () => {
  function leading() {
    const server = new LoneServer(five);
    for (const peer of ['S2', 'S3', 'S4']) server.link(peer);
    server.append('a');
    server.want();
    server.promise('S2');
    server.promise('S3');
    return server;
  }

  test('a quorum of all servers, whoever is connected', () => {
    const server = new LoneServer(five);
    server.link('S2');
    server.append('a');
    server.want();
    server.promise('S2');
    server.wait(1000);
    expect(server.take('accept')).toEqual([]);
  });

  test('a server counts once, however often it answers', () => {
    const server = new LoneServer(five);
    server.append('a');
    server.want();
    for (let i = 0; i < 3; i++) server.promise('S2');
    expect(server.take('accept')).toEqual([]);
    server.promise('S3');
    for (let i = 0; i < 3; i++) server.accepted('S2');
    expect(server.applied).toEqual([]);
    server.accepted('S3');
    expect(server.applied).toHaveLength(1);
  });

  test('then for the rest that is connected, so that their logs are gathered', () => {
    const server = leading();
    server.wait(499);
    expect(server.take('accept')).toEqual([]);
    server.promise('S4', 'd');
    const { block } = server.take('accept')[0]!.message;
    expect(block.entries.map(({ value }) => value)).toEqual(['a', 'd']);
  });

  test('at most 500 ms, and the next time not for who let it wait, until that server is heard again', () => {
    const server = leading();
    server.wait(500);
    expect(server.take('accept').length).toBe(4);
    server.accepted('S2');
    server.accepted('S3');

    server.append('b');
    server.want();
    server.promise('S2');
    server.promise('S3');
    expect(server.take('accept').length).toBe(4);
    server.accepted('S2');
    server.accepted('S3');

    server.deliver('S4', { type: 'status', ballot: { round: 1, server: 'S1' }, height: 0, hash: '' });
    server.append('c');
    server.want();
    server.promise('S2');
    server.promise('S3');
    expect(server.take('accept')).toEqual([]);
  });
});

describe('ballots', () => {
  test('each attempt takes a new one, above all that were seen', () => {
    const server = new LoneServer(['S1', 'S2', 'S3']);
    server.want();
    const nack = { type: 'nack', height: 1, promisedFor: 1, committed: 0, blocks: [] } as const;
    server.deliver('S2', { ...nack, ballot: { round: 1, server: 'S1' }, promised: { round: 6, server: 'S3' } });
    server.wait(1100);
    expect(server.take('prepare').map(({ message }) => message.ballot.round)).toEqual([1, 1, 7, 7]);
  });

  test('a round is durable before the ballot is sent, and never used again', () => {
    const server = new LoneServer(['S1', 'S2', 'S3']);
    server.want();
    server.stored.delete('state/paxos/promised'); // a crash before it promised its own ballot
    const again = new LoneServer(['S1', 'S2', 'S3'], { stored: server.stored });
    again.want();
    expect(again.take('prepare')[0]!.message.ballot).toEqual({ round: 101, server: 'S1' });
  });

  test('a hundred rounds are durable at a time: the others wait for no write before they ask', () => {
    const server = new LoneServer(['S1', 'S2', 'S3']);
    const durable = (): unknown => server.stored.get(paxosKeys.round);
    for (let round = 1; round <= 100; round++) {
      server.want();
      expect(durable()).toEqual({ kind: 'round', round: 100 });
      const { ballot } = server.consensus.leading!;
      server.deliver('S2', {
        type: 'nack',
        ballot,
        height: 1,
        promised: ballot,
        promisedFor: 0,
        committed: 0,
        blocks: [],
      });
      if (round < 100) server.wait(0);
    }
    server.wait(0);
    expect(server.take('prepare').at(-1)!.message.ballot.round).toBe(101);
    expect(durable()).toEqual({ kind: 'round', round: 200 });
  });

  test("somebody else's ballot gets one round's time once, however often it is repeated", () => {
    const server = new LoneServer(['S1', 'S2', 'S3']);
    const prepare = { type: 'prepare', ballot: { round: 1, server: 'S2' }, height: 1 } as const;
    server.deliver('S2', prepare);
    server.append('a');
    server.want();
    for (let i = 0; i < 11; i++) {
      server.wait(100);
      server.deliver('S2', prepare);
      server.deliver('S2', { ...prepare, type: 'accepted' }); // it hears us: this is no question of a majority
    }
    expect(server.take('prepare')[0]!.message.ballot).toEqual({ round: 2, server: 'S1' });
  });
});

describe('a server that enough others do not know yet', () => {
  test('leads nothing and appends nothing; its want ends', () => {
    const server = new LoneServer(['S1', 'S2', 'S3'], { stored: new Map() });
    expect(() => server.append('a')).toThrow('appends nothing');
    server.want();
    server.wait(2000);
    expect([server.ends, server.take('prepare')]).toEqual([[{ kind: 'no-quorum' }], []]);
  });

  test('leads as soon as it is known', () => {
    const server = new LoneServer(['S1', 'S2', 'S3'], { stored: new Map() });
    server.want();
    server.link('S2');
    const { identity } = server.take('introduce')[0]!.message;
    for (const peer of ['S2', 'S3']) {
      server.deliver(peer, { type: 'acquainted', ballot: { round: 0, server: 'S1' }, height: 0, identity });
    }
    expect(server.take('prepare').length).toBe(2);
  });
});

test('knows that blocks are missing until it holds them', () => {
  const server = new LoneServer(['S1', 'S2', 'S3']);
  server.deliver('S2', { type: 'status', ballot: { round: 1, server: 'S2' }, height: 2, hash: 'f' });
  expect(server.consensus.catchingUp).toBe(true);
  expect(server.take('fetch').map(({ to }) => to)).toEqual(['S2']);
  server.wait(999);
  server.deliver('S3', { type: 'status', ballot: { round: 1, server: 'S2' }, height: 2, hash: 'f' });
  expect(server.take('fetch')).toEqual([]);
  server.wait(1);
  server.deliver('S3', { type: 'status', ballot: { round: 1, server: 'S2' }, height: 2, hash: 'f' });
  expect(server.take('fetch').map(({ to }) => to)).toEqual(['S3']);
});

test('messages of servers that are no members are not heard', () => {
  const server = new LoneServer(['S1', 'S2', 'S3']);
  server.deliver('S9', { type: 'prepare', ballot: { round: 1, server: 'S9' }, height: 1 });
  server.link('S9');
  expect(server.sent).toEqual([]);
});

test('applies every block once, however often it arrives', () => {
  const server = new LoneServer(['S1', 'S2', 'S3']);
  const ballot = { round: 1, server: 'S2' };
  const entries = [{ owner: 'S2', sequence: 1, value: 'b' }];
  const block = makeBlock({ height: 1, previous: genesis, ballot, entries }, textCodec);
  for (let i = 0; i < 2; i++) server.deliver('S2', { type: 'blocks', ballot, height: 1, blocks: [block, block] });
  server.deliver('S2', {
    type: 'nack',
    ballot,
    height: 1,
    promised: ballot,
    promisedFor: 1,
    committed: 1,
    blocks: [block],
  });
  server.deliver('S2', { type: 'commit', ballot, height: 1, hash: block.hash, next: undefined });
  expect(server.applied).toEqual([block]);
});
