import { Fifo, invariant, type Put } from '@synod/kernel';
import { ledgerKeys, type LedgerRecord, type Outcome, type OutcomeRecord } from './records.js';
import type { AccountId } from './transfer.js';

/**
 * What became of each transfer, by account and id, so that a repeat gets the same answer: the last `window` decisions
 * of this server, and for as long as they stand in its log, all of those.
 */
export class Outcomes {
  readonly #window: number;
  readonly #byAccount = new Map<AccountId, Map<string, Outcome>>();
  /** In order of their numbers, without gaps, up to `#last`. */
  readonly #inOrder = new Fifo<Outcome>();
  #last = 0;

  constructor(window: number) {
    this.#window = window;
  }

  /** In the order of their numbers. */
  recover(outcome: Outcome, number: number): void {
    this.#remember(outcome, number);
  }

  find(account: AccountId, id: string): Outcome | undefined {
    return this.#byAccount.get(account)?.get(id);
  }

  add(outcome: Outcome): Put<OutcomeRecord> {
    const number = this.#last + 1;
    this.#remember(outcome, number);
    return { key: ledgerKeys.outcome(number), value: { kind: 'outcome', number, ...outcome } };
  }

  /** Forgets the oldest decisions beyond the window, up to the first whose transfer is still in the log. */
  prune(inLog: (sequence: number) => boolean): Put<LedgerRecord>[] {
    const puts: Put<LedgerRecord>[] = [];
    while (this.#inOrder.length > this.#window) {
      const { transfer, sequence } = this.#inOrder.at(0)!;
      if (inLog(sequence)) break;
      puts.push({ key: ledgerKeys.outcome(this.#last - this.#inOrder.length + 1), value: undefined });
      this.#inOrder.shift();
      this.#byAccount.get(transfer.from)?.delete(transfer.id);
    }
    return puts;
  }

  #remember(outcome: Outcome, number: number): void {
    const { from, id } = outcome.transfer;
    let ids = this.#byAccount.get(from);
    if (!ids) this.#byAccount.set(from, (ids = new Map<string, Outcome>()));
    invariant(!ids.has(id), `transfer ${id} of ${from} is decided twice`);
    ids.set(id, outcome);
    this.#inOrder.push(outcome);
    this.#last = number;
  }
}
