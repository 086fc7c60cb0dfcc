import type { Effects, OperationId } from '@synod/kernel';
import type { Consensus } from '@synod/paxos';
import type { LedgerProtocol, TransferOutcome } from './protocol.js';
import type { Outcome } from './records.js';
import type { Transfer } from './transfer.js';

type LedgerEffects = Effects<LedgerProtocol>;

/** Tells those who asked what became of their transfer. */
export class Replies {
  readonly #consensus: Consensus<Transfer>;

  constructor(consensus: Consensus<Transfer>) {
    this.#consensus = consensus;
  }

  /** `reason` stands in for the one on record. */
  decided(askers: readonly OperationId[], record: Outcome, effects: LedgerEffects, reason = record.reason): void {
    const { transfer, status, sequence } = record;
    const { height, log } = this.#consensus;
    const committed = sequence > 0 && !log.has(sequence);
    answer(askers, { id: transfer.id, status, sequence, reason, committed, height }, effects);
  }

  pending(askers: readonly OperationId[], { id }: Transfer, reason: string, effects: LedgerEffects): void {
    const { height } = this.#consensus;
    answer(askers, { id, status: 'pending', sequence: 0, reason, committed: false, height }, effects);
  }
}

function answer(askers: readonly OperationId[], outcome: TransferOutcome, effects: LedgerEffects): void {
  for (const asker of askers) effects.answer(asker, { type: 'outcome', outcome });
}
