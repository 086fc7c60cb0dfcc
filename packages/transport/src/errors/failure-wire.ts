import { SynodError } from '@synod/kernel';
import type { Failure } from '../gen/synod/common/v1/failure.js';
import { readCode } from './wire-errors.js';

/** The error of one of several operations that travel together. */
export function writeFailure({ code, message, definite }: SynodError): Failure {
  return { code, message, definite };
}

export function readFailure({ code, message, definite }: Failure): SynodError {
  return new SynodError(readCode(code), message, { definite });
}
