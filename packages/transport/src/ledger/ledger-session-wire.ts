import type { TransferCommand, TransferOutcome } from '@synod/ledger';
import {
  LedgerServiceService,
  type TransferRequest,
  type TransferResult,
} from '../gen/synod/ledger/v1/ledger_service.js';
import type { SessionWire } from '../session/session-wire.js';
import { readResult, writeTransferRequest } from './transfer-wire.js';

/** Transfers as they travel on a session. */
export const ledgerSessionWire: SessionWire<TransferCommand, TransferOutcome, TransferRequest, TransferResult> = {
  method: LedgerServiceService.session,
  stops: false,
  write: writeTransferRequest,
  sizeOf({ transfer, gatherFrom }) {
    const names = [transfer!.id, transfer!.from, transfer!.to, ...gatherFrom];
    return names.reduce((size, name) => size + name.length, 48);
  },
  read: readResult,
};
