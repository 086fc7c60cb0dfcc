import { compareNatural } from '@synod/kernel';
import type { PendingRecord } from './records.js';
import type { AccountId, Transfer } from './transfer.js';

/** The durable queues of transfers that wait for money: one per account, first in first out. */
export class Queues {
  readonly #byAccount = new Map<AccountId, Map<string, PendingRecord>>();
  #last = 0;

  /** Records arrive in the order of their numbers. */
  recover(record: PendingRecord): void {
    this.#add(record);
  }

  get isEmpty(): boolean {
    return this.#byAccount.size === 0;
  }

  get length(): number {
    let length = 0;
    for (const queue of this.#byAccount.values()) length += queue.size;
    return length;
  }

  lengthOf(account: AccountId): number {
    return this.#byAccount.get(account)?.size ?? 0;
  }

  find(account: AccountId, id: string): PendingRecord | undefined {
    return this.#byAccount.get(account)?.get(id);
  }

  head(account: AccountId): PendingRecord | undefined {
    return this.#byAccount.get(account)?.values().next().value;
  }

  push(transfer: Transfer): PendingRecord {
    const record: PendingRecord = { kind: 'pending', number: this.#last + 1, transfer };
    this.#add(record);
    return record;
  }

  shift(account: AccountId): void {
    const queue = this.#byAccount.get(account);
    const head = this.head(account);
    if (!queue || !head) return;
    queue.delete(head.transfer.id);
    if (queue.size === 0) this.#byAccount.delete(account);
  }

  /** Accounts whose queues are not empty, in natural order. */
  accounts(): AccountId[] {
    return [...this.#byAccount.keys()].sort(compareNatural);
  }

  /** All pending transfers: by account in natural order, then first in first out. */
  all(): Transfer[] {
    return this.accounts().flatMap((account) =>
      [...this.#byAccount.get(account)!.values()].map((item) => item.transfer),
    );
  }

  #add(record: PendingRecord): void {
    const { from, id } = record.transfer;
    let queue = this.#byAccount.get(from);
    if (!queue) this.#byAccount.set(from, (queue = new Map()));
    queue.set(id, record);
    this.#last = Math.max(this.#last, record.number);
  }
}
