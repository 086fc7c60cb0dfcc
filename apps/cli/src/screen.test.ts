import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Screen } from './screen.js';
import { captureOutput, type CapturedOutput } from './testing/captured-output.js';

let folder: string;
let output: CapturedOutput;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synod-screen-'));
  output = captureOutput();
});
afterEach(async () => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

const open = (toStderr = false) => new Screen(folder, { toStderr });

test('the output log is named after day, month, year, hour and minute', () => {
  jest.useFakeTimers({ now: new Date(2031, 1, 3, 4, 5, 59) });
  const screen = open();
  expect(screen.path).toBe(join(folder, 'output_03022031_04_05.log'));
  screen.close();
});

test('runs within one minute keep a log each', async () => {
  jest.useFakeTimers({ now: new Date(2031, 11, 31, 23, 59) });
  const screens = [open(), open(), open()];
  for (const [i, screen] of screens.entries()) screen.print(`run ${i}`);
  for (const screen of screens) screen.close();
  expect((await readdir(folder)).sort()).toEqual([
    'output_31122031_23_59.log',
    'output_31122031_23_59_1.log',
    'output_31122031_23_59_2.log',
  ]);
  expect(await readFile(screens[1]!.path, 'utf8')).toBe('run 1\n');
});

test('what is shown is also in the log, as it is shown', async () => {
  const screen = open();
  screen.print('one', 'two');
  screen.print('three');
  screen.print();
  screen.typed('PrintLog S1', false);
  screen.result('{}');
  screen.close();
  expect(output.stdout).toBe('one\ntwo\nthree\n> PrintLog S1\n{}\n');
  expect(await readFile(screen.path, 'utf8')).toBe(output.stdout);
  expect(output.stderr).toBe('');
});

test('a terminal shows what is typed by itself: only the log needs it', async () => {
  const screen = open();
  screen.typed('PrintLog S1', true);
  screen.close();
  expect(output.stdout).toBe('');
  expect(await readFile(screen.path, 'utf8')).toBe('> PrintLog S1\n');
});

test('stdout is left to the result where that is JSON', () => {
  const screen = open(true);
  screen.print('for people');
  screen.result('{"sets":[]}');
  screen.close();
  expect(output).toEqual({ stdout: '{"sets":[]}\n', stderr: 'for people\n' });
});

test('progress is for terminals alone, never for a pipe or the log', async () => {
  const screen = open();
  screen.progress('1 of 2 transfers');
  screen.close();
  expect(output.stdout).toBe('');
  expect(await readFile(screen.path, 'utf8')).toBe('');
});

test('on a terminal progress is overwritten by what comes next', () => {
  const before = process.stdout.isTTY;
  process.stdout.isTTY = true;
  const screen = open();
  screen.progress('1 of 2 transfers');
  screen.progress('2 of 2 transfers');
  screen.print('done', 'well');
  screen.print('more');
  screen.close();
  process.stdout.isTTY = before;
  const clear = '\r\u001b[K';
  expect(output.stdout).toBe(`${clear}1 of 2 transfers${clear}2 of 2 transfers${clear}done\nwell\nmore\n`);
});
