import { describe, expect, test } from '@jest/globals';
import { replicationByPattern } from '@synod/register';
import { writerChoices, type WriterChoice } from './plan.js';
import { keysOf, patternsOf, writersOf } from './register-keys.js';

const servers = ['S1', 'S2', 'S3'];

/** Who may write each of the first keys. */
function writersOfKeys(writer: WriterChoice): (string | undefined)[] {
  const patterns = patternsOf(writer, servers);
  const replicationOf = replicationByPattern(patterns);
  return keysOf(patterns, 5).map((key) => replicationOf(key)?.writer);
}

test.each<[WriterChoice, string[]]>([
  ['any', ['any', 'any', 'any', 'any', 'any']],
  ['each', ['S1', 'S2', 'S3', 'S1', 'S2']],
  ['one', ['S1', 'S1', 'S1', 'S1', 'S1']],
])('--writer %s: each key is written by %j', (writer, expected) => {
  expect(writersOfKeys(writer)).toEqual(expected);
});

describe.each(writerChoices)('--writer %s', (writer) => {
  test('the server at the place of a key may write it', () => {
    const writers = writersOf(writer, servers);
    writersOfKeys(writer).forEach((allowed, place) => {
      expect(['any', writers[place % writers.length]]).toContain(allowed);
    });
  });

  test('all keys differ, and all servers hold them', () => {
    const patterns = patternsOf(writer, servers);
    expect(new Set(keysOf(patterns, 100)).size).toBe(100);
    for (const { replicas } of patterns) expect(replicas).toEqual(servers);
  });
});
