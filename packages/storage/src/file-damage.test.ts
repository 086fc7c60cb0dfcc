import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tablesInUse } from './index.js';
import { BLOCK } from './journal/blocks.js';
import { WrittenStore, type Verdict } from './testing/written-store.js';

/** `SEED=7 FLIPS=20000 npm run soak`. */
const isSoak = process.env['npm_lifecycle_event'] === 'soak';
const seed = Number(process.env['SEED'] ?? 1);
const flips = Number(process.env['FLIPS'] ?? (isSoak ? 20_000 : 120));
/** Groups that stand in the journal alone. */
const tail = isSoak ? 40 : 3;
const soakMs = 6 * 3_600_000;

let store: WrittenStore;
beforeAll(async () => {
  store = await WrittenStore.make({ keys: isSoak ? 2_000 : 300, tail });
}, soakMs);
afterAll(() => store.remove());

/** How often each thing happened, and all that must not have. */
class Tally {
  readonly counts: Record<Verdict['kind'], number> = { right: 0, shorter: 0, refused: 0, wrong: 0 };
  readonly wrong: string[] = [];
  mostGroups = 0;

  add(verdict: Verdict, what: string): void {
    this.counts[verdict.kind]++;
    if (verdict.kind === 'shorter') this.mostGroups = Math.max(this.mostGroups, verdict.groups);
    if (verdict.kind === 'wrong') this.wrong.push(`${what}: ${verdict.message}`);
  }

  /** Fails if anything was wrong. A soak prints what it found. */
  proves(what: string): void {
    if (isSoak) process.stdout.write(`${what}: ${JSON.stringify(this.counts)}, ${this.mostGroups} groups at most\n`);
    expect(this.wrong.slice(0, 5)).toEqual([]);
  }
}

/** Uniform whole numbers (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Where something was written: most of a file of the journal is room, and ends of blocks. */
function writtenIn(bytes: Buffer): number[] {
  return [...bytes.keys()].filter((at) => bytes[at] !== 0);
}

test('the store is whole before it is damaged, and has files of every kind', async () => {
  expect(await store.with({})).toEqual({ kind: 'right' });
  expect(await store.files(/^journal/)).toHaveLength(2);
  expect(await store.files(/\.log$/)).toHaveLength(1);
  expect((await store.files(/\.ldb$/)).length).toBeGreaterThanOrEqual(2);
});

test('a table that the manifest does not name is none in use, and may be damaged', async () => {
  const tables = await store.files(/\.ldb$/);
  const orphan = { '000999.ldb': Buffer.from('left by a process that was killed') };
  expect(await store.with(orphan)).toEqual({ kind: 'right' });
  await writeFile(join(store.directory, '000999.ldb'), orphan['000999.ldb']);
  expect((await tablesInUse(store.directory)).sort()).toEqual(tables.sort());
  await rm(join(store.directory, '000999.ldb'));
});

describe('cut short', () => {
  test(
    'the journal: wherever it ends, what is left is a prefix of whole groups',
    async () => {
      const tally = new Tally();
      for (const file of await store.files(/^journal/)) {
        const bytes = await store.bytesOf(file);
        const written = writtenIn(bytes).at(-1)! + 1;
        let last = Infinity;
        for (let length = 0; length <= written + 1; length += length < (tail + 2) * BLOCK ? 509 : 100_003) {
          const verdict = await store.with({ [file]: bytes.subarray(0, length) });
          tally.add(verdict, `${file} cut to ${length} bytes`);
          if (length < BLOCK) expect(verdict).toMatchObject({ kind: 'refused' });
          if (length < BLOCK) continue;
          const groups = verdict.kind === 'shorter' ? verdict.groups : 0;
          expect(groups).toBeLessThanOrEqual(last);
          last = groups;
        }
        expect(await store.with({ [file]: bytes.subarray(0, written) })).toEqual({ kind: 'right' });
      }
      tally.proves('journal, lengths');
      expect(tally.counts.shorter).toBeGreaterThan(0);
    },
    soakMs,
  );

  test.each(['CURRENT', 'MANIFEST', '.log', '.ldb'])(
    '%s: it is refused, or nothing is missing',
    async (kind) => {
      const tally = new Tally();
      for (const file of await store.files(new RegExp(kind))) {
        const bytes = await store.bytesOf(file);
        const step = isSoak ? Math.ceil(bytes.length / 2_000) : Math.ceil(bytes.length / 20);
        for (let length = bytes.length - 1; length >= 0; length -= step) {
          tally.add(await store.with({ [file]: bytes.subarray(0, length) }), `${file} cut to ${length} bytes`);
        }
      }
      tally.proves(`${kind}, lengths`);
      expect(tally.counts).toMatchObject({ shorter: 0 });
      if (kind !== '.log') expect(tally.counts.refused).toBeGreaterThan(0);
    },
    soakMs,
  );
});

test.each(['CURRENT', 'MANIFEST', '.log', '.ldb', 'journal'])(
  'with a bit flipped, %s is refused, or reads as before; of the journal the last group may be lost',
  async (kind) => {
    const files = await store.files(new RegExp(kind));
    const whole = await Promise.all(files.map((file) => store.bytesOf(file)));
    const written = whole.map(writtenIn);
    /** Most of the journal is covered by a checkpoint: half of its flips hit where each file begins, and what stands there alone. */
    const early = written.map((places) => places.filter((at) => at < (tail + 1) * BLOCK));
    const next = random(seed);
    const tally = new Tally();
    for (let i = 0; i < flips; i++) {
      const which = next(files.length);
      const file = files[which]!;
      const bytes = Buffer.from(whole[which]!);
      const places = (kind === 'journal' && i % 2 === 0 ? early : written)[which]!;
      const [at, bit] = [places[next(places.length)]!, next(8)];
      bytes[at]! ^= 1 << bit;
      tally.add(await store.with({ [file]: bytes }), `SEED=${seed}: ${file}, bit ${bit} of byte ${at}`);
    }
    tally.proves(`${kind}, SEED=${seed}, ${flips} flipped bits`);
    expect(tally.mostGroups).toBeLessThanOrEqual(kind === 'journal' ? 1 : 0);
    if (kind !== '.log') expect(tally.counts.refused).toBeGreaterThan(0);
  },
  soakMs,
);

test(
  'no bit that flips in the log costs a group, not even one of the last checkpoint: the journal still has what that took',
  async () => {
    const stopped = await WrittenStore.make({ keys: 20, tail: 3, checkpointed: true });
    try {
      const [log] = await stopped.files(/\.log$/);
      const next = random(seed);
      const tally = new Tally();
      for (let i = 0; i < flips; i++) {
        const bytes = await stopped.bytesOf(log!);
        const at = next(bytes.length);
        bytes[at]! ^= 1;
        tally.add(await stopped.with({ [log!]: bytes }), `SEED=${seed}: bit 0 of byte ${at}`);
      }
      tally.proves(`.log of a stopped store, SEED=${seed}, ${flips} flipped bits`);
      expect(tally.counts).toMatchObject({ shorter: 0 });
      expect(tally.counts.right).toBeGreaterThan(0);
    } finally {
      await stopped.remove();
    }
  },
  soakMs,
);

describe('lost files', () => {
  test('each one by itself is refused with its name', async () => {
    for (const file of await store.files(/^CURRENT|^MANIFEST|^journal|\.log$|\.ldb$/)) {
      expect(await store.with({ [file]: undefined })).toEqual({
        kind: 'refused',
        message: expect.stringContaining(file),
      });
    }
  });

  test('any that LevelDB does not need are not missed', async () => {
    for (const file of await store.files(/^LO/))
      expect(await store.with({ [file]: undefined })).toEqual({ kind: 'right' });
  });

  test('several at once are refused, unless all are gone', async () => {
    const files = await store.files(/^CURRENT|^MANIFEST|^journal|\.log$|\.ldb$/);
    const next = random(seed);
    for (let i = 0; i < 20; i++) {
      const lost = files.filter(() => next(2) === 1);
      if (lost.length === 0 || lost.length === files.length) continue;
      const verdict = await store.with(Object.fromEntries(lost.map((file) => [file, undefined])));
      expect([lost, verdict]).toMatchObject([lost, { kind: 'refused' }]);
    }
  });
});
