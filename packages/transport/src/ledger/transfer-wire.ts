import { SynodError } from '@synod/kernel';
import type { GatherFrom, TransferCommand, TransferOutcome, TransferStatus } from '@synod/ledger';
import { reject, required } from '../codec/wire-checks.js';
import { readFailure, writeFailure } from '../errors/failure-wire.js';
import { asSynodError } from '../errors/wire-errors.js';
import * as wire from '../gen/synod/ledger/v1/ledger_service.js';
import { checkName, checkTransfer } from './transfer-checks.js';

/** A transfer's end: what was decided, or why it was not. */
export type TransferResult = TransferOutcome | SynodError;

/** Throws `SynodError` `invalid_argument`, so that nonsense fails alone and not with the stream it would travel on. */
export function writeTransferRequest(command: TransferCommand): wire.TransferRequest {
  return {
    transfer: checkTransfer(command.transfer, 'transfer'),
    shortPolicy: command.short === 'queue' ? wire.ShortPolicy.QUEUE : wire.ShortPolicy.REJECT,
    durability: command.durability === 'local' ? wire.Durability.LOCAL : wire.Durability.COMMITTED,
    gatherFrom: writeGather(command.gather),
  };
}

/** Throws `SynodError` `invalid_argument`, naming the field. */
export function readTransferRequest(request: wire.TransferRequest): TransferCommand {
  return {
    type: 'transfer',
    transfer: checkTransfer(required(request.transfer, 'transfer'), 'transfer'),
    short: readShortPolicy(request.shortPolicy),
    durability: readDurability(request.durability),
    gather: readGather(request.gatherFrom),
  };
}

export function writeGather(gather: GatherFrom): string[] {
  return gather?.map((server) => checkName(server, 'gather_from')) ?? [];
}

export function readGather(servers: readonly string[]): GatherFrom {
  return servers.length === 0 ? undefined : servers.map((server) => checkName(server, 'gather_from'));
}

export function writeOutcome(outcome: TransferOutcome): wire.TransferOutcome {
  return { ...outcome, status: wireStatus[outcome.status] };
}

export function readOutcome(from: wire.TransferOutcome | undefined): TransferOutcome {
  const outcome = required(from, 'outcome');
  const status = domainStatus.get(outcome.status) ?? reject('outcome.status', 'is unknown');
  return { ...outcome, status };
}

export function writeResult(result: TransferResult): wire.TransferResult {
  if (!(result instanceof SynodError)) return { result: { $case: 'outcome', value: writeOutcome(result) } };
  return { result: { $case: 'failure', value: writeFailure(result) } };
}

/** Never throws: what makes no sense is an `internal` error, and nobody knows what happened. */
export function readResult(from: wire.TransferResult | undefined): TransferResult {
  const result = from?.result;
  try {
    if (result?.$case !== 'failure') return readOutcome(result?.value);
  } catch (error) {
    return new SynodError('internal', asSynodError(error).message, { definite: false, cause: error });
  }
  return readFailure(result.value);
}

function readShortPolicy(policy: wire.ShortPolicy): TransferCommand['short'] {
  switch (policy) {
    case wire.ShortPolicy.UNSPECIFIED:
    case wire.ShortPolicy.QUEUE:
      return 'queue';
    case wire.ShortPolicy.REJECT:
      return 'reject';
    default:
      return reject('short_policy', `has no meaning for ${policy}`);
  }
}

function readDurability(durability: wire.Durability): TransferCommand['durability'] {
  switch (durability) {
    case wire.Durability.UNSPECIFIED:
    case wire.Durability.LOCAL:
      return 'local';
    case wire.Durability.COMMITTED:
      return 'committed';
    default:
      return reject('durability', `has no meaning for ${durability}`);
  }
}

const wireStatus: Readonly<Record<TransferStatus, wire.TransferStatus>> = {
  local: wire.TransferStatus.LOCAL,
  consensus: wire.TransferStatus.CONSENSUS,
  pending: wire.TransferStatus.PENDING,
  rejected: wire.TransferStatus.REJECTED,
};
const domainStatus = new Map(Object.entries(wireStatus).map(([domain, wired]) => [wired, domain as TransferStatus]));
