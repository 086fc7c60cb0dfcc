import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { SynodError } from '@synod/kernel';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { captureOutput, type CapturedOutput } from '../testing/captured-output.js';
import { request } from './request.js';

let output: CapturedOutput;
let ended: ExitCode | undefined;
beforeEach(() => {
  output = captureOutput();
  ended = undefined;
});
afterEach(() => {
  jest.restoreAllMocks();
});

const end = (code: ExitCode) => void (ended = code);
const failing = (error: Error) => () => Promise.reject(error);

test('a request that is answered says nothing by itself', async () => {
  await request(async () => {}, { json: true, end });
  expect({ ...output, ended }).toEqual({ stdout: '', stderr: '', ended: undefined });
});

test('a refusal stands on stderr, and in the exit code', async () => {
  await request(failing(new SynodError('dropped', '101 was dropped')), { json: false, end });
  expect({ ...output, ended }).toEqual({ stdout: '', stderr: 'synod: 101 was dropped\n', ended: exitCodes.refused });
});

test('with --json on stdout too; that nobody knows the outcome is said in words', async () => {
  const error = new SynodError('no_quorum', 'S1 alone answered', { definite: false });
  await request(failing(error), { json: true, end });
  expect(ended).toBe(exitCodes.unknown);
  expect(output).toEqual({
    stdout: '{"error":{"code":"no_quorum","message":"outcome unknown: S1 alone answered","definite":false}}\n',
    stderr: 'synod: outcome unknown: S1 alone answered\n',
  });
});

test('a mistake in the program is no failed request', async () => {
  await expect(request(failing(new TypeError('x')), { json: true, end })).rejects.toThrow(TypeError);
  expect({ ...output, ended }).toEqual({ stdout: '', stderr: '', ended: undefined });
});
