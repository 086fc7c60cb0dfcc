import { jest } from '@jest/globals';

export interface CapturedOutput {
  stdout: string;
  stderr: string;
}

/** Keeps what is written to stdout and stderr from now on, instead of showing it, until `jest.restoreAllMocks()`. */
export function captureOutput(): CapturedOutput {
  const captured: CapturedOutput = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    jest.spyOn(process[name], 'write').mockImplementation((text, done?: unknown) => {
      captured[name] += String(text);
      if (typeof done === 'function') process.nextTick(done);
      return true;
    });
  }
  return captured;
}
