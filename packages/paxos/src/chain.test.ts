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
  const step = (act: (effects: Effects<LogProtocol<string>>) => void) => {
    const effects = new Effects<LogProtocol<string>>();
    act(effects);
    for (const { key, value } of effects.persist) stored.set(key, value!);
    return effects.persist.map(({ key }) => key);
  };
  const append = (block: Block<string>) => step((effects) => chain.append(block, effects));
  return { chain, stored, append, step };
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

describe('a chain that skipped blocks', () => {
  /** Stands at height 1 and skips to height 3. */
  function skipped() {
    const { chain, stored, append, step } = setup();
    append(first);
    const head = { height: 3, hash: third.hash, sequences: [['S1', 3] as const, ['S2', 3] as const] };
    step((effects) => chain.skipTo(head, effects));
    return { chain, stored, append, step };
  }

  test('goes on from there, in one step, with what it holds below still readable', () => {
    const { chain, append } = skipped();
    expect([chain.height, chain.hash, chain.committedSequence('S2'), chain.entries]).toEqual([3, third.hash, 3, 6]);
    const fourth = blockOn(third.hash, 4, { S1: [4] });
    append(fourth);
    expect([chain.page(1, 100), chain.page(2, 100), chain.page(4, 100)]).toEqual([[first], [], [fourth]]);
  });

  test('fills them in from above, and can be read in full then', () => {
    const { chain, step } = skipped();
    step((effects) => expect(chain.fill([third], effects)).toBe(1));
    expect(chain.missing).toEqual({ from: 2, to: 2, hash: second.hash });
    expect(chain.page(3, 100)).toEqual([third]);
    step((effects) => expect(chain.fill([second, first], effects)).toBe(1));
    expect([chain.missing, chain.page(1, 100)]).toEqual([undefined, [first, second, third]]);
  });

  test.each<[string, Block<string>]>([
    ['of another height', second],
    ['of another hash', blockOn(second.hash, 3, { S1: [3], S2: [4] })],
    ['whose content is not that of its hash', { ...third, entries: [{ ...third.entries[0]!, value: 'w' }] }],
  ])('does not believe a block %s', (_what, block) => {
    const { chain, step } = skipped();
    step((effects) => expect(chain.fill([block], effects)).toBe(0));
    expect(chain.missing).toEqual({ from: 2, to: 3, hash: third.hash });
  });

  test('stops if the blocks lead to another beginning than its own', () => {
    const { chain, append, step } = setup();
    append(blockOn(genesis, 1, { S1: [1], S2: [1] }));
    const head = { height: 3, hash: third.hash, sequences: [['S1', 3] as const, ['S2', 3] as const] };
    step((effects) => chain.skipTo(head, effects));
    expect(() => step((effects) => chain.fill([third, second], effects))).toThrow(
      'block 2 does not continue this chain',
    );
  });

  test('skips again before all is filled in', () => {
    const { chain, step } = skipped();
    const head = { height: 9, hash: 'f', sequences: [['S1', 5] as const, ['S2', 3] as const, ['S3', 8] as const] };
    step((effects) => chain.skipTo(head, effects));
    expect([chain.missing, chain.entries]).toEqual([{ from: 2, to: 9, hash: 'f' }, 16]);
  });

  test('does not take a snapshot that holds less than it does', () => {
    const { chain, step } = skipped();
    const head = { height: 9, hash: 'f', sequences: [['S1', 2] as const] };
    expect(() => step((effects) => chain.skipTo(head, effects))).toThrow('holds 2 entries of S1, we 3');
  });
});
