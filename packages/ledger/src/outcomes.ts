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
  /** Without gaps from `#oldest` to `#last`. */
  readonly #byNumber = new Map<number, OutcomeRecord>();
  #oldest = 1;
  #last = 0;

  constructor(window: number) {
    this.#window = window;
  }

  /** Records arrive in the order of their numbers. */
  recover(record: OutcomeRecord): void {
    if (this.#byNumber.size === 0) this.#oldest = record.number;
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
    while (this.#byNumber.size > this.#window) {
      const record = this.#byNumber.get(this.#oldest);
      invariant(record, `decision ${this.#oldest} is remembered`);
      if (inLog(record.sequence)) break;
      this.#byNumber.delete(this.#oldest++);
      this.#byAccount.get(record.transfer.from)?.delete(record.transfer.id);
      puts.push({ key: ledgerKeys.outcome(record.number), value: undefined });
    }
    return puts;
  }

  #remember(record: OutcomeRecord): void {
    const { from, id } = record.transfer;
    let ids = this.#byAccount.get(from);
    if (!ids) this.#byAccount.set(from, (ids = new Map<string, OutcomeRecord>()));
    invariant(!ids.has(id), `transfer ${id} of ${from} is decided twice`);
    ids.set(id, record);
    this.#byNumber.set(record.number, record);
    this.#last = record.number;
  }
}
