import { describe, expect, test } from '@jest/globals';
import { Effects } from '@synod/kernel';
import { makeBlock, type Block } from './block.js';
import { Chain } from './chain.js';
import type { PaxosRecord } from './records.js';
import type { LogProtocol } from './replicated-log.js';
import { genesis, textCodec } from './testing/text-codec.js';

const ballot = { round: 1, server: 'S1' };

function blockOn(previous: string, height: number, owners: Record<string, number[]>): Block<string> {
  const entries = Object.entries(owners).flatMap(([owner, sequences]) =>
    sequences.map((sequence) => ({ owner, sequence, value: 'v' })),
  );
  return makeBlock({ height, previous, ballot, entries }, textCodec);
}

/** A chain over storage that keeps what it is given. */
function setup() {
  const stored = new Map<string, PaxosRecord<string>>();
  const open = () => new Chain<string>(genesis, textCodec, { get: (key) => stored.get(key) });
  const chain = open();
  const append = (block: Block<string>) => {
    const effects = new Effects<LogProtocol<string>>();
    chain.append(block, effects);
    for (const { key, value } of effects.persist) stored.set(key, value!);
    return effects.persist.map(({ key }) => key);
  };
  return { chain, stored, append };
}

const first = blockOn(genesis, 1, { S1: [1, 2], S2: [1] });
const second = blockOn(first.hash, 2, { S2: [2, 3] });
const third = blockOn(second.hash, 3, { S1: [3] });

test('starts at the genesis and follows the blocks', () => {
  const { chain, append } = setup();
  expect([chain.height, chain.hash, chain.committedSequence('S1')]).toEqual([0, genesis, 0]);
  append(first);
  expect([chain.height, chain.hash, chain.committedSequence('S1')]).toEqual([1, first.hash, 2]);
});

test('one step persists the block, the head and the owners it moved on', () => {
  expect(setup().append(first)).toEqual([
    'block/00000000000001',
    'state/paxos/head',
    'state/paxos/owner/S1',
    'state/paxos/owner/S2',
  ]);
});

describe('refuses what does not come next', () => {
  test.each([
    ['a height twice', first],
    ['a gap in heights', third],
    ['another predecessor', blockOn(genesis, 2, { S2: [2] })],
    ['an entry twice', blockOn(first.hash, 2, { S2: [1] })],
    ["a gap in an owner's entries", blockOn(first.hash, 2, { S2: [3] })],
  ])('%s', (_what, block) => {
    const { append } = setup();
    append(first);
    expect(() => append(block)).toThrow('invariant broken');
  });

  test('a block fits only with the right height, predecessor and hash', () => {
    const { chain, append } = setup();
    append(first);
    expect(chain.fits(second)).toBe(true);
    const misfits = [first, third, blockOn(genesis, 2, { S2: [2] }), { ...second, ballot: { round: 2, server: 'S1' } }];
    expect(misfits.filter((block) => chain.fits(block))).toEqual([]);
  });
});

describe('gives out blocks in pages', () => {
  const { chain, append } = setup();
  for (const block of [first, second, third]) append(block);
  const heights = (...[from, limit, count]: Parameters<typeof chain.page>) =>
    chain.page(from, limit, count).map(({ height }) => height);

  test.each([
    ['as many as hold the limit together', 1, 5, undefined, [1, 2]],
    ['at least one, whatever its size', 1, 1, undefined, [1]],
    ['from a height on', 2, 100, undefined, [2, 3]],
    ['at most so many', 1, 100, 2, [1, 2]],
    ['none above the head', 4, 100, undefined, []],
    ['from the first, whatever is asked', 0, 100, 1, [1]],
  ])('%s', (_what, from, limit, count, expected) => {
    expect(heights(from, limit, count)).toEqual(expected);
  });
});

test('a block that storage has lost stops the server', () => {
  const { chain, stored, append } = setup();
  append(first);
  stored.clear();
  expect(() => chain.page(1, 10)).toThrow('block 1 of 1 is missing');
});
