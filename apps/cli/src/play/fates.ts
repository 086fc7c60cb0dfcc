import type { NodeId, SynodError } from '@synod/kernel';
import { showTransfer } from '@synod/ledger';
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

/** A transfer of the file and what became of it, for people. */
export interface FateRow {
  readonly id: string;
  /** `S1 → S3: 45` */
  readonly transfer: string;
  readonly fate: Fate;
  /** Why it was skipped, is pending or was rejected; empty if it was executed. */
  readonly reason: string;
}

export function fateRow({ transfer, fate, reason }: PlayedTransfer): FateRow {
  return { id: transfer.id, transfer: showTransfer(transfer), fate, reason };
}

/** A set that begins to be played. */
export interface BegunSet {
  readonly name: string;
  /** Which of the file it is, from 1. */
  readonly number: number;
  readonly live: readonly NodeId[];
  /** Transfers in it. */
  readonly total: number;
}

/** What a play reports as it happens. */
export interface PlayObserver {
  setBegan?(set: BegunSet): void;
  /** In the order of the answers, which need not be that of the file. */
  decided?(played: PlayedTransfer, done: number, total: number): void;
  /** A transfer left its queue: of this set, or of an earlier one. */
  leftQueue?(played: PlayedTransfer, isOfThisSet: boolean): void;
  /** All that there was to report of it, also if it could not be played to its end. */
  setEnded?(): void;
}

export function isExecuted(fate: Fate): boolean {
  return fate === 'local' || fate === 'consensus';
}

/** Why a refused request counts as a rejected transfer: the server says it can never be executed as written. */
export function isRefusal(error: SynodError): boolean {
  return error.definite && (error.code === 'invalid_argument' || error.code === 'id_conflict');
}
