import { SynodError } from '@synod/kernel';
import type { TransferRequest } from '../gen/synod/ledger/v1/ledger_service.js';
import { asSynodError } from '../errors/wire-errors.js';
import { ledgerError } from './ask.js';
import type { LedgerBackend } from './ledger-backend.js';
import { readTransferRequest, type TransferResult } from './transfer-wire.js';

/**
 * Through here every transfer of every client enters, by whichever method: it is checked, and admitted as long as
 * less than a bounded number are under way, so that a flood of clients costs bounded memory.
 */
export class TransferDoor {
  readonly #backend: LedgerBackend;
  readonly #limit: number;
  #inFlight = 0;

  constructor(backend: LedgerBackend, limit: number) {
    this.#backend = backend;
    this.#limit = limit;
  }

  /** `done` is called once; at once if the transfer does not even enter. */
  enter(request: TransferRequest | undefined, done: (result: TransferResult) => void): void {
    const command = this.#check(request);
    if (command instanceof SynodError) return done(command);
    this.#inFlight++;
    this.#backend.invoke(command, (result) => {
      this.#inFlight--;
      done(result.type === 'outcome' ? result.outcome : ledgerError(result));
    });
  }

  #check(request: TransferRequest | undefined): ReturnType<typeof readTransferRequest> | SynodError {
    if (this.#inFlight >= this.#limit) {
      return new SynodError('resource_exhausted', `${this.#limit} transfers are under way already`);
    }
    try {
      if (!request) throw new SynodError('invalid_argument', 'request is missing');
      return readTransferRequest(request);
    } catch (error) {
      return asSynodError(error);
    }
  }
}
