import { toJson } from '@synod/client';
import { SynodError } from '@synod/kernel';
import { writeOut } from './write-out.js';

/** What is told by its message alone. Anything else is a mistake in the program, and keeps its stack trace. */
export type Failure = SynodError | NodeJS.ErrnoException;

/** Whether it is a `SynodError`, or tells of a file or folder that can not be made, read or written. */
export function isFailure(error: unknown): error is Failure {
  return error instanceof SynodError || (typeof error === 'object' && error !== null && 'syscall' in error);
}

/** Says on stderr what failed; with `json` also on stdout. */
export async function tellFailure(failure: Failure, json: boolean): Promise<void> {
  process.stderr.write(`synod: ${failure.message}\n`);
  if (json) await writeFailure(failure);
}

/** The failure as the JSON object that docs/formats.md describes, on stdout. */
export async function writeFailure(failure: Failure): Promise<void> {
  const { code, message } = failure;
  const definite = failure instanceof SynodError ? failure.definite : true;
  // Who does not read stdout any more has stderr and the exit code.
  await writeOut(`${toJson({ error: { code, message, definite } })}\n`).catch(() => {});
}
