import type { LedgerClient } from '@synod/client';
import type { AccountId, Transfer } from '@synod/ledger';

/**
 * What surely happens to a transfer without any round, so that it need not be waited for before the next one is sent.
 * Between two blocks an account only loses money, by transfers that this run sends itself: what it held when it was
 * last looked at, less what was sent since, is a lower bound that needs no second look. After a block it is forgotten.
 */
export class Funds {
  readonly #ledger: LedgerClient;
  readonly #known = new Map<AccountId, { spendable: bigint; pending: number }>();

  constructor(ledger: LedgerClient) {
    this.#ledger = ledger;
  }

  /** Looks at the account, if nothing is known of it. */
  async look(account: AccountId): Promise<void> {
    if (this.#known.has(account)) return;
    const { spendable, pending } = await this.#ledger.balance(account);
    this.#known.set(account, { spendable, pending });
  }

  isKnown(account: AccountId): boolean {
    return this.#known.has(account);
  }

  /** Whether the transfer is surely executed locally. */
  covers({ from, amount }: Transfer): boolean {
    const funds = this.#known.get(from);
    return funds !== undefined && funds.pending === 0 && funds.spendable >= amount;
  }

  /** Whether the account has transfers pending, so that a further one surely joins them. */
  hasPending(account: AccountId): boolean {
    return (this.#known.get(account)?.pending ?? 0) > 0;
  }

  spend({ from, amount }: Transfer): void {
    const funds = this.#known.get(from);
    if (funds) funds.spendable -= amount;
  }

  wait({ from }: Transfer): void {
    const funds = this.#known.get(from);
    if (funds) funds.pending++;
  }

  /** A block was committed. */
  forget(): void {
    this.#known.clear();
  }
}
