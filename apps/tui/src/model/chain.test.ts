import { expect, test } from '@jest/globals';
import type { LedgerBlock } from '@synod/ledger';
import { after, block, firstBlock, freshBank, hashOf, logged, report, transfer } from '../testing/bank.js';
import { addBlocks, emptyChain } from './chain.js';

const many = (from: number, count: number, transfers = 1): LedgerBlock[] =>
  Array.from({ length: count }, (_, i) =>
    block(
      from + i,
      from + i,
      'S1',
      Array.from({ length: transfers }, (_unused, n) => logged('S1', n + 1, transfer('t', 'S1', 'S2', 1n))),
    ),
  );

test('a block is kept with who contributed how much', () => {
  const { blocks, entries } = addBlocks(emptyChain, 'S1', [firstBlock]);
  expect(blocks.at(0)).toMatchObject({ height: 1, transfers: 4, hash: hashOf(1) });
  expect(blocks.at(0)?.contributions.map(({ owner, transfers }) => `${owner} ${transfers}`)).toEqual([
    'S1 1',
    'S2 1',
    'S3 1',
    'S5 1',
  ]);
  expect(entries.get(1)).toBe(firstBlock.entries);
});

test('blocks may come in any order: what was not fetched is a gap', () => {
  const chain = addBlocks(addBlocks(emptyChain, 'S1', many(10_000, 1)), 'S1', many(3, 1));
  expect(chain.blocks.length).toBe(10_000);
  expect([chain.blocks.at(1), chain.blocks.at(2)?.height, chain.blocks.at(9_999)?.height]).toEqual([
    undefined,
    3,
    10_000,
  ]);
});

test('the transfers of old blocks are forgotten, the block asked for last is not', () => {
  let chain = addBlocks(emptyChain, 'S1', many(1, 1_000));
  expect(chain.entries.size).toBe(256);
  chain = addBlocks(chain, 'S1', many(5, 1));
  expect(chain.entries.has(5)).toBe(true);
  expect(chain.entries.size).toBe(256);
  expect(chain.blocks.at(0)?.transfers).toBe(1);
  chain = addBlocks(chain, 'S1', many(6, 1, 150_000));
  expect([...chain.entries.keys()]).toEqual([6]);
});

test('another hash at a height is a fork, told once for each server', () => {
  const other = { ...firstBlock, hash: hashOf(99) };
  const chain = addBlocks(addBlocks(addBlocks(emptyChain, 'S1', [firstBlock]), 'S3', [other]), 'S3', [other]);
  expect(chain.forks).toHaveLength(1);
  expect(chain.forks[0]).toMatchObject({ height: 1, server: 'S3', hash: hashOf(99), known: hashOf(1) });
});

test('a report shows a fork too', () => {
  const model = after(freshBank(), { type: 'blocks', server: 'S1', blocks: [firstBlock] });
  expect(after(model, report('S2', { status: { height: 1, hash: hashOf(1) } })).chain.forks).toEqual([]);
  expect(after(model, report('S2', { status: { height: 1, hash: hashOf(7) } })).chain.forks).toHaveLength(1);
});
