import { describe, expect, test } from '@jest/globals';
import { LogRounds } from './log-rounds.js';
import { LoneHome } from './testing/lone-home.js';

/** Of logs of these lengths, one after the other, those for which a round is due. */
function due(limit: number, lengths: readonly number[]): number[] {
  const rounds = new LogRounds(limit);
  return lengths.filter((length) => rounds.due(length));
}

test.each([
  ['none for a short log', [1, 7], []],
  ['one at the limit', [7, 8], [8]],
  ['then one for each eighth that it grows on', [8, 8, 9, 9, 10], [8, 9, 10]],
  ['and again at the limit when it was short meanwhile', [8, 9, 2, 8], [8, 9, 8]],
])('of a limit of 8: %s', (_what, lengths, expected) => {
  expect(due(8, lengths)).toEqual(expected);
});

describe('a home whose log reaches the limit', () => {
  const filled = (options: ConstructorParameters<typeof LoneHome>[0]): string[] => {
    const home = new LoneHome({ logEntries: 3, ...options });
    for (const peer of ['S2', 'S3']) home.link(peer);
    return ['a', 'b', 'c', 'd']
      .flatMap((id) => home.transfer(id, '1 to S2'))
      .filter((line) => line.startsWith('round'));
  };

  test('starts a round for it, though nobody is short', () => {
    expect(filled({})).toEqual(['round 1']);
  });

  test('starts another when a block leaves it long', () => {
    const home = new LoneHome({ logEntries: 2, limits: { gatherEntries: 1 } });
    for (const peer of ['S2', 'S3']) home.link(peer);
    for (const id of ['a', 'b', 'c']) home.transfer(id, '1 to S2');
    const ends = [1, 2].map(() => {
      home.promise('S2');
      home.promise('S3');
      return home.accept('S2').at(-1);
    });
    expect(ends).toEqual(['round 2', 'write block 2, -entry 2 b, S1=98, S2=102']);
  });

  test('starts none while rounds are on request', () => {
    expect(filled({ queueRounds: 'on-request' })).toEqual([]);
  });
});
