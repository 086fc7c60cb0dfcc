import type { NodeId, SynodError } from '@synod/kernel';
import type { FileTransfer } from '@synod/ledger/file';

/** What became of a transfer of the file. */
export type Fate = 'local' | 'consensus' | 'pending' | 'rejected' | 'skipped';

/** A transfer and its fate so far. */
export interface PlayedTransfer {
  readonly transfer: FileTransfer;
  fate: Fate;
  /** Why it was skipped, is pending or was rejected; empty if it was executed. */
  reason: string;
  /** Its number in its owner's log; 0 if it was not executed. */
  sequence: number;
}

/** What a play reports as it happens. */
export interface PlayObserver {
  setBegan?(set: string, live: readonly NodeId[], crashed: readonly NodeId[]): void;
  decided?(played: PlayedTransfer, done: number, total: number): void;
  /** Transfers of earlier sets that left their queue. */
  late?(played: PlayedTransfer): void;
}

export function isExecuted(fate: Fate): boolean {
  return fate === 'local' || fate === 'consensus';
}

/** Why a refused request counts as a rejected transfer: the server says it can never be executed as written. */
export function isRefusal(error: SynodError): boolean {
  return error.definite && (error.code === 'invalid_argument' || error.code === 'id_conflict');
}
