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
    const committed = sequence > 0 && !this.#consensus.log.has(sequence);
    this.#answer(askers, { id: transfer.id, status, sequence, reason, committed }, effects);
  }

  pending(askers: readonly OperationId[], { id }: Transfer, reason: string, effects: LedgerEffects): void {
    this.#answer(askers, { id, status: 'pending', sequence: 0, reason, committed: false }, effects);
  }

  #answer(askers: readonly OperationId[], told: Omit<TransferOutcome, 'height'>, effects: LedgerEffects): void {
    const outcome: TransferOutcome = { ...told, height: this.#consensus.height };
    for (const asker of askers) effects.answer(asker, { type: 'outcome', outcome });
  }
}
