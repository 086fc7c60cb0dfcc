import { invariant, type SynodError } from '@synod/kernel';
import type { LedgerCommand, LedgerResult } from '@synod/ledger';
import type { LedgerBackend } from './ledger-backend.js';

type ResultType = Exclude<LedgerResult['type'], 'error'>;

/** Asks the machine and expects an answer of one type. Rejects with the machine's `SynodError`. */
export function ask<T extends ResultType>(
  backend: LedgerBackend,
  command: LedgerCommand,
  type: T,
): Promise<Extract<LedgerResult, { type: T }>> {
  return new Promise((resolve, reject) => {
    backend.invoke(command, (result) => {
      if (isOf(result, type)) resolve(result);
      else reject(ledgerError(result));
    });
  });
}

/** The error of a result that is none of the expected type. */
export function ledgerError(result: LedgerResult): SynodError {
  invariant(result.type === 'error', `the machine answers what it was asked, not '${result.type}'`);
  return result.error;
}

function isOf<T extends ResultType>(result: LedgerResult, type: T): result is Extract<LedgerResult, { type: T }> {
  return result.type === type;
}
