import { invariant, type Put } from '@synod/kernel';
import { ledgerKeys, type LedgerRecord, type OutcomeRecord } from './records.js';
import type { AccountId, Transfer } from './transfer.js';

/**
 * What became of each transfer, by account and id, so that a repeat gets the same answer: the last `window` decisions
 * of this server, and for as long as they stand in its log, all of those.
 */
export class Outcomes {
  readonly #window: number;
  readonly #byAccount = new Map<AccountId, Map<string, OutcomeRecord>>();
  readonly #byNumber = new Map<number, OutcomeRecord>();
  #last = 0;

  constructor(window: number) {
    this.#window = window;
  }

  recover(record: OutcomeRecord): void {
    this.#remember(record);
  }

  find(account: AccountId, id: string): OutcomeRecord | undefined {
    return this.#byAccount.get(account)?.get(id);
  }

  add(decision: { transfer: Transfer; status: OutcomeRecord['status']; sequence: number; reason: string }): {
    record: OutcomeRecord;
    put: Put<LedgerRecord>;
  } {
    const record: OutcomeRecord = { kind: 'outcome', number: this.#last + 1, ...decision };
    this.#remember(record);
    return { record, put: { key: ledgerKeys.outcome(record.number), value: record } };
  }

  /** Forgets the oldest decisions beyond the window, up to the first whose transfer is still in the log. */
  prune(inLog: (sequence: number) => boolean): Put<LedgerRecord>[] {
    const puts: Put<LedgerRecord>[] = [];
    for (const record of this.#byNumber.values()) {
      if (this.#byNumber.size <= this.#window || inLog(record.sequence)) break;
      this.#forget(record);
      puts.push({ key: ledgerKeys.outcome(record.number), value: undefined });
    }
    return puts;
  }

  #remember(record: OutcomeRecord): void {
    const { from, id } = record.transfer;
    let ids = this.#byAccount.get(from);
    if (!ids) this.#byAccount.set(from, (ids = new Map()));
    invariant(!ids.has(id), `transfer ${id} of ${from} is decided twice`);
    ids.set(id, record);
    this.#byNumber.set(record.number, record);
    this.#last = Math.max(this.#last, record.number);
  }

  #forget({ number, transfer }: OutcomeRecord): void {
    this.#byNumber.delete(number);
    this.#byAccount.get(transfer.from)?.delete(transfer.id);
  }
}
