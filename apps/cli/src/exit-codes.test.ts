import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { SynodError, type ErrorCode } from '@synod/kernel';
import { exitCodeHelp, exitCodeOf, exitCodeOfRequest, exitCodes } from './exit-codes.js';

test('every code has a meaning in --help, and the same one in the README', () => {
  const lines = exitCodeHelp().match(/^ {2}\d {2}.+$/gm)!;
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = readme.match(/^\| \d +\| .+$/gm)!.map((row) => row.split('|').map((cell) => cell.trim()));
  expect(lines).toHaveLength(Object.keys(exitCodes).length);
  expect(rows.map(([, code, meaning]) => `  ${code}  ${meaning!.replaceAll('`', '')}`)).toEqual(lines);
});

test.each<[ErrorCode, number]>([
  ['dropped', exitCodes.refused],
  ['never_written', exitCodes.refused],
  ['exists', exitCodes.refused],
  ['unknown_token', exitCodes.refused],
  ['unauthorised', exitCodes.refused],
  ['resource_exhausted', exitCodes.refused],
  ['unavailable', exitCodes.unreachable],
  ['not_ready', exitCodes.unreachable],
  ['no_quorum', exitCodes.unreachable],
  ['deadline', exitCodes.unreachable],
  ['invalid_argument', exitCodes.usage],
  ['config', exitCodes.usage],
  ['cancelled', exitCodes.failed],
  ['internal', exitCodes.failed],
])('a request that fails with %s, and did not happen, ends with %i', (code, exitCode) => {
  expect(exitCodeOfRequest(new SynodError(code, 'message'))).toBe(exitCode);
});

test.each<ErrorCode>(['no_quorum', 'deadline', 'unavailable', 'cancelled'])(
  'a request that fails with %s, and may have happened, is of unknown outcome',
  (code) => {
    expect(exitCodeOfRequest(new SynodError(code, 'message', { definite: false }))).toBe(exitCodes.unknown);
  },
);

test.each<[ErrorCode, number]>([
  ['unavailable', exitCodes.failed],
  ['no_quorum', exitCodes.failed],
  ['config', exitCodes.usage],
])('a command that does many things, and fails with %s, ends with %i', (code, exitCode) => {
  expect(exitCodeOf(new SynodError(code, 'message'))).toBe(exitCode);
});
