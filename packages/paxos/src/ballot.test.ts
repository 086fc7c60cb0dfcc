import { expect, test } from '@jest/globals';
import { compareBallots, noBallot, sameBallot, showBallot } from './ballot.js';

test('ballots are ordered by round, then by server in natural order, so that no two servers share one', () => {
  const ascending = [
    noBallot,
    { round: 1, server: 'S1' },
    { round: 1, server: 'S2' },
    { round: 1, server: 'S10' },
    { round: 2, server: 'S1' },
    { round: 10, server: 'S1' },
  ];
  for (const [i, a] of ascending.entries()) {
    for (const [j, b] of ascending.entries()) {
      expect([showBallot(a), showBallot(b), Math.sign(compareBallots(a, b))]).toEqual([
        showBallot(a),
        showBallot(b),
        Math.sign(i - j),
      ]);
      expect(sameBallot(a, b)).toBe(i === j);
    }
  }
});

test('a ballot is shown as its tag', () => {
  expect([showBallot({ round: 3, server: 'S2' }), showBallot(noBallot)]).toEqual(['(3, S2)', 'none']);
});
