import { describe, expect, test } from '@jest/globals';
import type { EarlierOpening, Standing } from './standing.js';
import { Witness } from './witness.js';

const own = { disk: 'own', incarnation: 1n, recovered: 0 };

/** The disk of S2, as it says itself. */
function disk(incarnation: bigint, recovered: number, earlier: readonly EarlierOpening[] = [], name = 'a'): Standing {
  return { disk: name, incarnation, recovered, earlier };
}

/** One that has met S2 in its first opening, and heard of so many writes. */
function witnessOf(number: number): Witness {
  const witness = new Witness(own, undefined);
  expect(witness.greet('S2', disk(10n, 0))).toBeUndefined();
  witness.heard('S2', number);
  return witness;
}

/** What is left of a witness whose process ended, if it wrote now. */
function restarted(witness: Witness): Witness {
  return new Witness({ ...own, incarnation: own.incarnation + 1n }, witness.record());
}

describe('a peer that comes back', () => {
  test.each([
    ['with all it had', disk(11n, 7, [{ incarnation: 10n, after: 0 }])],
    ['with more, which it had not told yet', disk(11n, 9, [{ incarnation: 10n, after: 0 }])],
    [
      'after openings in between',
      disk(
        13n,
        20,
        [10n, 11n, 12n].map((of, i) => ({ incarnation: of, after: i * 8 })),
      ),
    ],
    ['after so many openings that the known one is not named', disk(30n, 90, [{ incarnation: 29n, after: 80 }])],
    ['in the same opening, which names only where it began', disk(10n, 0)],
    ['with another disk', disk(11n, 0, [], 'b')],
  ])('%s is welcome', (_, standing) => {
    expect(witnessOf(7).greet('S2', standing)).toBeUndefined();
  });

  test.each([
    ['with less', 6, disk(11n, 6, [{ incarnation: 10n, after: 0 }])],
    ['without the whole opening', 0, disk(11n, 0)],
    [
      'with as many, of which the last are others',
      6,
      disk(12n, 9, [
        { incarnation: 10n, after: 0 },
        { incarnation: 11n, after: 6 },
      ]),
    ],
    ['with as many, all of them others', 2, disk(12n, 9, [{ incarnation: 11n, after: 2 }])],
  ])('%s is refused', (_, end, standing) => {
    expect(witnessOf(7).greet('S2', standing)).toBe(`write 7 of S2, whose disk has lost those after ${end}`);
  });

  test('is judged by where its opening began, however much it has written since', () => {
    const witness = witnessOf(7);
    const cut = disk(11n, 6, [{ incarnation: 10n, after: 0 }]);
    expect(witness.greet('S2', cut)).toBeDefined();
    witness.heard('S2', 8);
    expect(witness.greet('S2', cut)).toBe('write 7 of S2, whose disk has lost those after 6');
  });

  test('and was refused stays so over restarts on both sides', () => {
    const witness = witnessOf(7);
    const openings = [{ incarnation: 10n, after: 0 }];
    expect(witness.greet('S2', disk(11n, 6, openings))).toBeDefined();
    expect(restarted(witness).greet('S2', disk(12n, 12, [...openings, { incarnation: 11n, after: 6 }]))).toBeDefined();
  });

  test('with another disk is known by that one from then on', () => {
    const witness = witnessOf(7);
    expect(witness.greet('S2', disk(20n, 1, [], 'b'))).toBeUndefined();
    witness.heard('S2', 3);
    expect(witness.greet('S2', disk(21n, 2, [{ incarnation: 20n, after: 0 }], 'b'))).toBe(
      'write 3 of S2, whose disk has lost those after 2',
    );
    expect(witness.greet('S2', disk(11n, 2, [{ incarnation: 20n, after: 0 }], 'a'))).toBeUndefined();
  });

  test('and has written nothing in an opening is not expected to name that one', () => {
    const witness = witnessOf(7);
    const openings = [{ incarnation: 10n, after: 0 }];
    expect(witness.greet('S2', disk(11n, 7, openings))).toBeUndefined();
    expect(witness.greet('S2', disk(12n, 7, openings))).toBeUndefined();
    witness.heard('S2', 8);
    expect(witness.greet('S2', disk(13n, 8, [...openings, { incarnation: 12n, after: 7 }]))).toBeUndefined();
    expect(witness.greet('S2', disk(14n, 7, openings))).toBeDefined();
  });
});

describe('a number', () => {
  test('that is lower than one before changes nothing', () => {
    const witness = witnessOf(7);
    witness.heard('S2', 3);
    expect(witness.greet('S2', disk(11n, 5))).toBeDefined();
  });

  test('of a peer that was not welcomed in this life counts for nothing', () => {
    const witness = restarted(witnessOf(7));
    witness.heard('S2', 99);
    witness.heard('S3', 99);
    expect(witness.greet('S2', disk(11n, 7, [{ incarnation: 10n, after: 0 }]))).toBeUndefined();
    expect(witness.greet('S3', disk(12n, 0, [], 'c'))).toBeUndefined();
  });
});

describe('the record', () => {
  test('keeps what is remembered of each peer', () => {
    const witness = witnessOf(7);
    witness.greet('S3', disk(1n << 63n, 2 ** 53 - 1, [], 'c'));
    const again = restarted(witness);
    expect(again.greet('S2', disk(11n, 6, [{ incarnation: 10n, after: 0 }]))).toBeDefined();
    expect(again.greet('S3', disk(11n, 2 ** 53 - 2, [], 'c'))).toBeDefined();
  });

  test('goes with the first write, and then with one in 100 ms if there is news', () => {
    const witness = new Witness(own, undefined);
    expect(witness.recordWith(0)).toBeDefined();
    expect(witness.recordWith(500)).toBeUndefined();
    witness.greet('S2', disk(10n, 0));
    expect(witness.recordWith(500)).toBeDefined();
    witness.heard('S2', 1);
    expect(witness.recordWith(599)).toBeUndefined();
    witness.heard('S2', 2);
    expect(witness.recordWith(600)).toBeDefined();
    witness.heard('S2', 2);
    expect(witness.recordWith(9000)).toBeUndefined();
  });

  test('names the openings that wrote, the last sixteen', () => {
    let record: Uint8Array | undefined;
    for (let i = 0; i < 20; i++) {
      const witness = new Witness({ disk: 'own', incarnation: BigInt(i), recovered: 10 * i }, record);
      if (i !== 5) record = witness.record(); // that one wrote nothing
    }
    const { earlier } = new Witness({ disk: 'own', incarnation: 99n, recovered: 300 }, record).standing;
    expect(earlier.map(({ incarnation }) => Number(incarnation))).toEqual(
      [...Array(20).keys()].slice(3).filter((i) => i !== 5),
    );
    expect(earlier.at(-1)).toEqual({ incarnation: 19n, after: 190 });
  });

  test('of an opening that goes on in another loop names it once', () => {
    const again = new Witness(own, new Witness(own, undefined).record());
    expect(again.standing).toEqual({ ...own, earlier: [] });
  });

  test('says why the disk must not be used any more', () => {
    const witness = witnessOf(7);
    expect(restarted(witness).cut).toBeUndefined();
    witness.condemn('S3 remembers more');
    expect(restarted(witness).cut).toBe('S3 remembers more');
  });

  test('that makes no sense is damage', () => {
    const record = witnessOf(7).record();
    expect(() => new Witness(own, record.subarray(0, -1))).toThrow(expect.objectContaining({ code: 'corrupt' }));
  });
});
