// Long runs over the real storage. Here small ones, as a proof that the program works; `npm run soak` makes
// them long: 10 million transfers, and a million registers overwritten twice.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const isLong = process.env.LONG_RUNS === '1';
const longestMs = isLong ? 10_800_000 : 110_000;
const program = fileURLToPath(new URL('./long-runs/main.mjs', import.meta.url));

let directory;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'synod-long-run-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** V8 lets a heap grow to four times what lives in it before it collects; so it is one and a half times. */
const thrifty = ['--heap-growing-percent=50'];

/** What one process of a run tells, line by line. */
function play(verb, system, options, flags = []) {
  const args = ['--expose-gc', ...flags, program, verb, system, JSON.stringify({ directory, ...options })];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (isLong) process.stdout.write(stdout);
  expect([stderr, status]).toEqual(['', 0]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test(
  'transfers take no more memory the more there are, and who was away goes on from a snapshot',
  () => {
    const options = isLong
      ? { transfers: 10_000_000, committed: 200_000 }
      : { transfers: 48_000, committed: 12_000, window: 2000, limits: { snapshotEntries: 10_000 } };
    const told = play('run', 'ledger', options);
    // Most need half of it; right after a block what it changed waits for a checkpoint, for longer on a busy machine.
    if (isLong) expect(Math.max(...told.map(({ liveMiB = 0 }) => liveMiB))).toBeLessThan(250);
    const back = told.find(({ what }) => what === 'a server that was away takes part');
    // The snapshot may be of a peer that was itself a block or two behind: those above it come as blocks.
    const { height } = told.findLast((one) => one.height !== undefined);
    expect(back.missing.from).toBe(1);
    expect(back.missing.to).toBeGreaterThan(0);
    expect(back.missing.to).toBeLessThanOrEqual(height);
    const [{ startMs }] = play('open', 'ledger', options);
    if (isLong) expect(startMs).toBeLessThan(10_000);
  },
  longestMs,
);

test(
  'registers take no more memory the more often they are written, and are there after a restart',
  () => {
    const options = isLong ? { registers: 1_000_000, passes: 3 } : { registers: 5000, passes: 3 };
    const written = play('run', 'registers', options, thrifty);
    const [started] = play('open', 'registers', options, thrifty);
    if (!isLong) return;
    for (const { rssMiB } of [...written, started]) expect(rssMiB).toBeLessThan(400);
    expect(started.startMs).toBeLessThan(5000);
  },
  longestMs,
);
