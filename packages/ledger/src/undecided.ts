import { compareNatural, type OperationId } from '@synod/kernel';
import type { TransferCommand } from './protocol.js';
import type { AccountId } from './transfer.js';

/** A transfer that is short and waits for a round. It is in no log and no queue: a crash forgets it. */
export interface Undecided {
  readonly command: TransferCommand;
  /** Who asked: the first caller and those who repeated it meanwhile. */
  readonly askers: OperationId[];
  /** Only a round that starts later than this many attempts shows that the money is not there. */
  readonly after: number;
}

/** The transfers that wait for a round, per account in order of arrival: an account decides one at a time. */
export class UndecidedTransfers {
  readonly #byAccount = new Map<AccountId, Map<string, Undecided>>();

  get length(): number {
    let length = 0;
    for (const waiting of this.#byAccount.values()) length += waiting.size;
    return length;
  }

  has(account: AccountId): boolean {
    return this.#byAccount.has(account);
  }

  find(account: AccountId, id: string): Undecided | undefined {
    return this.#byAccount.get(account)?.get(id);
  }

  first(account: AccountId): Undecided | undefined {
    return this.#byAccount.get(account)?.values().next().value;
  }

  push(item: Undecided): void {
    const { from, id } = item.command.transfer;
    let waiting = this.#byAccount.get(from);
    if (!waiting) this.#byAccount.set(from, (waiting = new Map()));
    waiting.set(id, item);
  }

  remove({ command: { transfer } }: Undecided): void {
    const waiting = this.#byAccount.get(transfer.from);
    waiting?.delete(transfer.id);
    if (waiting?.size === 0) this.#byAccount.delete(transfer.from);
  }

  /** In natural order. */
  accounts(): AccountId[] {
    return [...this.#byAccount.keys()].sort(compareNatural);
  }

  *all(): Iterable<Undecided> {
    for (const waiting of this.#byAccount.values()) yield* waiting.values();
  }
}
