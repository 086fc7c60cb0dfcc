import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pty, PtyOptions } from '@synod/pty';
import { madeUp, openMadeUp } from './testing/made-up.js';

let folder: string;
let pty: Pty;
const open = async (options: PtyOptions = {}) => {
  pty = openMadeUp([join(folder, 'history'), folder], options);
  await pty.shows('3 of 3 up');
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'synod-tui-'));
});
afterEach(() => {
  pty?.kill();
  rmSync(folder, { recursive: true });
});

/** Every line of the frame stands where it should: the header first, the footer in the last row but one. */
const isWhole = (view: string) => (screen: readonly string[]) =>
  screen[0]!.startsWith(' Synod made-up') &&
  screen[1]!.includes(`[${view}`) &&
  screen.filter((line) => line.startsWith(' Synod')).length === 1 &&
  screen.at(-2)!.includes('q quit') &&
  screen.at(-1) === '';

test('many frames on one another leave one whole screen', async () => {
  await open();
  await pty.until(isWhole('c Cluster'));
  for (const [key, view] of [
    ['l', 'l Ledger'],
    ['b', 'b Blocks'],
    ['e', 'e Events'],
    ['t', 't Timeline'],
    ['c', 'c Cluster'],
  ] as const) {
    pty.press(key);
    await pty.until(isWhole(view));
  }
  pty.press('2\r');
  await pty.shows('2 was done');
  await pty.shows('height 50');
  await pty.until(isWhole('c Cluster'));
});

test('what something prints in between breaks nothing, and is an event', async () => {
  await open();
  pty.press('1\r');
  await pty.shows('1 was done');
  pty.press('\u001b');
  await pty.until((screen) => !screen.some((line) => line.includes('was done')));
  pty.press('e');
  await pty.shows('a stray line on stderr');
  await pty.shows('and another one');
  await pty.until(isWhole('e Events'));
  pty.press('q');
  await pty.shows('left');
  expect(pty.screen.join('\n')).toContain('a stray line on stderr');
});

test('a terminal that changes its size is filled again, smaller and larger', async () => {
  await open();
  for (const [columns, rows] of [
    [120, 40],
    [80, 18],
    [60, 30],
    [200, 60],
  ] as const) {
    pty.resize(columns, rows);
    await pty.until(isWhole('c Cluster'));
    pty.press('l');
    await pty.shows('[l Ledger');
    pty.press('c');
    await pty.shows('[c Cluster');
    await pty.until(isWhole('c Cluster'));
  }
});

describe('Ctrl-C leaves, and the screen is what it was before', () => {
  test.each([...'clbgrpet', ':Pri', '?', 'e/x'])('after %j', async (keys) => {
    await open();
    pty.press(keys);
    pty.press('\u0003');
    await pty.shows('left');
    expect(await pty.exit).toMatchObject({ exitCode: 0 });
    expect(pty.isAlternate).toBe(false);
    expect(pty.screen.join('\n')).not.toContain('Synod');
  });
});

test('commands are remembered for the next run', async () => {
  await open();
  pty.press(':Print\r');
  await pty.shows('Print was done');
  pty.press('q');
  await pty.exit;
  expect(readFileSync(join(folder, 'history'), 'utf8')).toBe('Print\n');
  pty.kill();
  await open();
  pty.press(':\u001b[A');
  await pty.shows(': Print');
});

test('the timeline is written where one is', async () => {
  await open();
  pty.press('tx');
  await pty.shows('✓ written:');
  expect(
    readdirSync(folder)
      .map((name) => name.replace(/.*\./, ''))
      .sort(),
  ).toEqual(['json', 'svg']);
});

test('NO_COLOR leaves out every colour', async () => {
  await open();
  expect(pty.hasColours).toBe(true);
  pty.kill();
  await open({ env: { NO_COLOR: '1' } });
  await pty.until(isWhole('c Cluster'));
  expect(pty.hasColours).toBe(false);
});

test('without a terminal it says so, and draws nothing', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [madeUp], { encoding: 'utf8', input: '' });
  expect([stdout, status]).toEqual(['', 1]);
  expect(stderr).toContain('needs a terminal');
});
