import { invariant, type SynodError } from '@synod/kernel';
import type { RegisterCommand, RegisterResult } from '@synod/register';
import type { RegisterBackend } from './register-backend.js';

type ResultOf<T extends RegisterResult['type']> = Extract<RegisterResult, { readonly type: T }>;

/** Asks the machine and expects an answer of one type. Rejects with the machine's `SynodError`. */
export function ask<T extends RegisterResult['type']>(
  backend: RegisterBackend,
  command: RegisterCommand,
  type: T,
): Promise<ResultOf<T>> {
  return new Promise((resolve, reject) => {
    backend.invoke(command, (result) => {
      const found = resultOr(result, type);
      if ('code' in found) reject(found);
      else resolve(found);
    });
  });
}

/** A result of one type, or the machine's error. */
export function resultOr<T extends RegisterResult['type']>(
  result: RegisterResult,
  ...types: T[]
): ResultOf<T> | SynodError {
  if (isOf(result, types)) return result;
  invariant(result.type === 'error', `the machine answers what it was asked, not '${result.type}'`);
  return result.error;
}

function isOf<T extends RegisterResult['type']>(result: RegisterResult, types: readonly T[]): result is ResultOf<T> {
  return types.some((type) => result.type === type);
}
