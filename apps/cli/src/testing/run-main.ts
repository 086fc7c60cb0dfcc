import { jest } from '@jest/globals';
import type { ExitCode } from '../exit-codes.js';
import { main } from '../main.js';
import { captureOutput, type CapturedOutput } from './captured-output.js';

/** A `synod` that has run in this process. */
export interface Ran extends CapturedOutput {
  readonly code: ExitCode;
}

/** Runs `synod` in this process, one at a time. */
export async function runMain(...args: readonly string[]): Promise<Ran> {
  const output = captureOutput();
  try {
    const code = await main(args);
    return { code, ...output };
  } finally {
    jest.restoreAllMocks();
  }
}
