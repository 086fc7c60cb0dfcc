import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkBySearch } from './check-by-search.js';
import { checkHistory } from './index.js';
import { precedes, type Operation } from './operation.js';
import { bruteForce } from './testing/brute-force.js';
import { arbitrary, linearizable } from './testing/random-history.js';
import { decisive, groupByValue, operationsOf } from './value-groups.js';

// fast-check prints the seed and the path to the history that fails.
const seed = 1993;

/** The operations that the search takes, and whether every value that was read was written. */
function searched(operations: readonly Operation[]): { remaining: Operation[]; written: boolean } {
  const groups = [...groupByValue(operations).values()];
  const written = groups.every(({ value, writes, reads }) => reads.length === 0 || value === null || writes.length > 0);
  return { remaining: operationsOf(decisive(groups)), written };
}

function bySearch(operations: readonly Operation[]): boolean {
  const { remaining, written } = searched(operations);
  return written && checkBySearch(remaining, null, {}).verdict === 'linearizable';
}

describe('on small histories of any kind', () => {
  test.each([
    ['unique writes', true, 6000],
    ['repeated writes', false, 4000],
  ])('%s: zones, search and brute force agree', (_, uniqueWrites, numRuns) => {
    let violated = 0;
    fc.assert(
      fc.property(arbitrary({ uniqueWrites, maxLength: 6 }), (operations) => {
        const expected = bruteForce(operations, null);
        expect(checkHistory(operations).verdict).toBe(expected ? 'linearizable' : 'violated');
        expect(bySearch(operations)).toBe(expected);
        if (!expected) violated++;
      }),
      { seed, numRuns },
    );
    // Neither answer may be so rare that agreement says nothing.
    expect(violated).toBeGreaterThan(numRuns / 10);
    expect(violated).toBeLessThan(numRuns * 0.9);
  });

  test.each([
    ['unique writes', true],
    ['repeated writes', false],
  ])('%s: a counterexample is violated itself, and nothing can be left out of it', (_, uniqueWrites) => {
    fc.assert(
      fc.property(arbitrary({ uniqueWrites, maxLength: 7 }), (operations) => {
        const counterexample = checkHistory(operations).keys[0]?.counterexample?.operations;
        if (!counterexample) return;
        expect(bruteForce(counterexample, null)).toBe(false);
        const read = valuesOf(counterexample.filter(({ f }) => f === 'read'));
        const needed = operations.filter(
          ({ f, outcome, value }) => f === 'write' && outcome !== 'fail' && read.includes(value),
        );
        expect(counterexample).toEqual(expect.arrayContaining(needed));
        for (const fewer of parts(counterexample)) {
          if (fewer.length < counterexample.length) expect(bruteForce(fewer, null)).toBe(true);
        }
      }),
      { seed, numRuns: 2000 },
    );
  });

  test('unique writes: no part of the history with fewer operations is violated', () => {
    fc.assert(
      fc.property(arbitrary({ uniqueWrites: true, maxLength: 7 }), (operations) => {
        const counterexample = checkHistory(operations).keys[0]?.counterexample?.operations;
        if (!counterexample) return;
        for (const part of parts(operations.filter(({ f, outcome }) => f === 'write' || outcome === 'ok'))) {
          if (part.length < counterexample.length) expect(bruteForce(part, null)).toBe(true);
        }
      }),
      { seed, numRuns: 1000 },
    );
  });
});

describe('on histories that follow a hidden order', () => {
  test.each([
    ['unique writes', true],
    ['repeated writes', false],
  ])('%s: they pass', (_, uniqueWrites) => {
    fc.assert(
      fc.property(linearizable({ uniqueWrites, maxLength: 60 }), (operations) => {
        expect(checkHistory(operations).verdict).toBe('linearizable');
        expect(bySearch(operations)).toBe(true);
      }),
      { seed, numRuns: 500 },
    );
  });

  test.each<[string, (operations: readonly Operation[]) => (readonly Operation[])[]]>([
    ['a read of what nobody wrote', (all) => changeReads(all, () => ['phantom'])],
    [
      'a read of a failed write',
      (all) => changeReads(all, () => valuesOf(all.filter(({ outcome }) => outcome === 'fail'))),
    ],
    [
      'a read of what was not written yet',
      (all) => changeReads(all, (read) => valuesOf(writesOf(all).filter((it) => precedes(read, it)))),
    ],
    ['a read of what was overwritten', (all) => changeReads(all, (read) => valuesOf(overwritten(all, read)))],
    [
      'a read of the initial value after a write',
      (all) => changeReads(all, (read) => (writesOf(all).some((it) => precedes(it, read)) ? [null] : [])),
    ],
    [
      'a write that failed after all',
      (all) => all.flatMap((it, i) => (isRead(all, it) ? [all.with(i, { ...it, outcome: 'fail', end: 9999 })] : [])),
    ],
  ])('one change is found: %s', (_, change) => {
    let changed = 0;
    fc.assert(
      fc.property(linearizable({ uniqueWrites: true, maxLength: 30 }), fc.nat(), (operations, which) => {
        const changes = change(operations);
        if (changes.length === 0) return;
        changed++;
        const history = changes[which % changes.length]!;
        expect(checkHistory(history).verdict).toBe('violated');
        expect(bySearch(history)).toBe(false);
      }),
      { seed, numRuns: 1000 },
    );
    expect(changed).toBeGreaterThan(50);
  });
});

/** All parts of a history in which every read stands with the writes of its value. */
function* parts(operations: readonly Operation[]): Iterable<Operation[]> {
  for (let choice = 1; choice < 2 ** operations.length; choice++) {
    const part = operations.filter((_, i) => (choice >> i) & 1);
    const read = new Set(part.filter(({ f }) => f === 'read').map(({ value }) => value));
    if (operations.every((it) => part.includes(it) || it.f === 'read' || !read.has(it.value))) yield part;
  }
}

function changeReads(all: readonly Operation[], values: (read: Operation) => Operation['value'][]): Operation[][] {
  return all.flatMap((it, i) => (it.f === 'read' ? values(it).map((value) => all.with(i, { ...it, value })) : []));
}

function writesOf(all: readonly Operation[]): Operation[] {
  return all.filter(({ f, outcome }) => f === 'write' && outcome === 'ok');
}

function valuesOf(all: readonly Operation[]): Operation['value'][] {
  return all.map(({ value }) => value);
}

function overwritten(all: readonly Operation[], read: Operation): Operation[] {
  return writesOf(all).filter((old) => writesOf(all).some((it) => precedes(old, it) && precedes(it, read)));
}

function isRead(all: readonly Operation[], write: Operation): boolean {
  return write.f === 'write' && all.some(({ f, value }) => f === 'read' && value === write.value);
}
