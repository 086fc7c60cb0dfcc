import { describe, expect, test } from '@jest/globals';
import { ByteReader, ByteWriter } from '@synod/kernel';
import { compareEntries, hasItsHash, makeBlock, readBlock, writeBlock, type Block } from './block.js';
import { genesis, textCodec } from './testing/text-codec.js';

const content = {
  height: 1,
  previous: genesis,
  ballot: { round: 3, server: 'S2' },
  entries: [
    { owner: 'S10', sequence: 1, value: 'd' },
    { owner: 'S2', sequence: 2, value: 'c' },
    { owner: 'S2', sequence: 1, value: 'b' },
    { owner: 'S1', sequence: 7, value: 'a' },
  ],
};
const block = makeBlock(content, textCodec);

test('the hash of a block is the same on every node and in every version (golden value)', () => {
  expect(block.hash).toBe('95696d630f1bde8c1405a2aeb4538266eb37c1c5d74e5c577674c5610e44ff6b');
});

const change = { server: 'S2', disk: '00000000000000c2', address: 'host:2' };

test('a change is part of the hash, and may stand alone', () => {
  const hashes = [{}, { change }, { change: { ...change, address: 'host:3' } }].map(
    (more) => makeBlock({ ...content, ...more }, textCodec).hash,
  );
  expect(new Set(hashes).size).toBe(3);
  const alone = makeBlock({ ...content, entries: [], change }, textCodec);
  const writer = new ByteWriter();
  writeBlock(writer, alone, textCodec);
  expect(readBlock(new ByteReader(writer.finish()), textCodec)).toEqual(alone);
});

test('entries stand by owner in natural order, then by sequence, however they were gathered', () => {
  expect(block.entries.map(({ value }) => value).join('')).toBe('abcd');
  expect(makeBlock({ ...content, entries: [...content.entries].reverse() }, textCodec)).toEqual(block);
  expect([...block.entries].sort(compareEntries)).toEqual(block.entries);
});

describe('a block that was tampered with does not have its hash', () => {
  const [first, ...rest] = block.entries;
  const tampered: [string, Partial<Block<string>>][] = [
    ['height', { height: 2 }],
    ['predecessor', { previous: '1'.repeat(64) }],
    ['round of the first proposal', { ballot: { round: 4, server: 'S2' } }],
    ['first proposer', { ballot: { round: 3, server: 'S3' } }],
    ['order of the entries', { entries: [...rest, first!] }],
    ['an entry less', { entries: rest }],
    ['an owner', { entries: [{ ...first!, owner: 'S3' }, ...rest] }],
    ['a sequence', { entries: [{ ...first!, sequence: 8 }, ...rest] }],
    ['a value', { entries: [{ ...first!, value: 'x' }, ...rest] }],
    ['the hash itself', { hash: '2'.repeat(64) }],
  ];
  test.each(tampered)('%s', (_what, change) => {
    expect(hasItsHash(block, textCodec)).toBe(true);
    expect(hasItsHash({ ...block, ...change }, textCodec)).toBe(false);
  });
});

test('a block read from its bytes is the block that was written', () => {
  const writer = new ByteWriter();
  writeBlock(writer, block, textCodec);
  const reader = new ByteReader(writer.finish());
  expect(readBlock(reader, textCodec)).toEqual(block);
  reader.done();
});

test('a block has the same bytes whether it was made, checked or only read here', () => {
  const bytesOf = (one: Block<string>): Uint8Array => {
    const writer = new ByteWriter();
    writeBlock(writer, one, textCodec);
    return writer.finish();
  };
  const read = (): Block<string> => readBlock(new ByteReader(bytesOf(block)), textCodec);
  const checked = read();
  expect(hasItsHash(checked, textCodec)).toBe(true);
  expect(bytesOf(checked)).toEqual(bytesOf(read()));
  expect(bytesOf(block)).toEqual(bytesOf(read()));
});
