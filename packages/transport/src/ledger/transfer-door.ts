import { SynodError } from '@synod/kernel';
import type { TransferOutcome } from '@synod/ledger';
import type { TransferRequest, TransferResult as WireResult } from '../gen/synod/ledger/v1/ledger_service.js';
import { resultOr } from '../node/ask.js';
import { Door, type DoorOptions } from '../session/door.js';
import { wholeServer, type Topic } from '../silence/topic.js';
import type { LedgerBackend } from './ledger-backend.js';
import { readTransferRequest, writeResult } from './transfer-wire.js';

/** Through here every transfer enters. */
export class TransferDoor extends Door<TransferRequest, TransferOutcome, WireResult> {
  readonly #backend: LedgerBackend;

  constructor(backend: LedgerBackend, options: DoorOptions) {
    super(options);
    this.#backend = backend;
  }

  sizeOf({ result }: WireResult): number {
    if (result?.$case === 'outcome') return 48 + result.value.id.length + result.value.reason.length;
    return 48 + (result?.value.message.length ?? 0);
  }

  askedBytes(): number {
    return 0;
  }

  protected begin(request: TransferRequest, done: (result: TransferOutcome | SynodError) => void): undefined {
    this.#backend.invoke(readTransferRequest(request), (result) => {
      const found = resultOr(result, 'outcome');
      done(found instanceof SynodError ? found : found.outcome);
    });
  }

  protected write(result: TransferOutcome | SynodError): WireResult {
    return writeResult(result);
  }

  protected topicOf(): Topic {
    return wholeServer;
  }
}
