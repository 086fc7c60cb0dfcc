import { compareNatural, invariant, SynodError, type NodeId } from '@synod/kernel';
import type { LedgerBlock } from './protocol.js';
import type { AccountId, LoggedTransfer, Transfer } from './transfer.js';

/** One account as the configuration names it. */
export interface Account {
  readonly id: AccountId;
  /** The only server that executes its outgoing transfers. */
  readonly home: NodeId;
  readonly initial: bigint;
}

/**
 * The balances as one server knows them. Committed: initial plus the blocks of the chain. Spendable, for the accounts
 * of which it is the home: committed less what has left in transfers that no block holds yet, those not durable yet
 * included, or two of them could spend the same money.
 */
export class Accounts {
  /** The sum of all balances: no transfer changes it. */
  readonly total: bigint;
  readonly #accounts: ReadonlyMap<AccountId, Account>;
  readonly #committed = new Map<AccountId, bigint>();
  readonly #outgoing = new Map<AccountId, bigint>();

  constructor(accounts: readonly Account[]) {
    const inOrder = [...accounts].sort((a, b) => compareNatural(a.id, b.id));
    this.#accounts = new Map(inOrder.map((account) => [account.id, account]));
    for (const { id, initial } of inOrder) this.#committed.set(id, initial);
    this.total = inOrder.reduce((sum, { initial }) => sum + initial, 0n);
  }

  recover(account: AccountId, committed: bigint): void {
    this.#committed.set(account, committed);
  }

  /**
   * Everything is recovered. Throws `SynodError` `config` if the balances do not add up to the initial ones: then the
   * disk was written with other accounts.
   */
  recovered(): void {
    const sum = [...this.#committed.values()].reduce((total, balance) => total + balance, 0n);
    if (sum === this.total && this.#committed.size === this.#accounts.size) return;
    throw new SynodError(
      'config',
      `accounts: the balances on disk add up to ${sum}, the configured ones to ${this.total}: ` +
        'this disk was written with other accounts',
    );
  }

  /** The committed balance of every account. */
  get balances(): ReadonlyMap<AccountId, bigint> {
    return this.#committed;
  }

  /** In natural order. */
  all(): Iterable<Account> {
    return this.#accounts.values();
  }

  get(account: AccountId): Account | undefined {
    return this.#accounts.get(account);
  }

  /** The same transfer between the accounts as they are known here: to rest in memory it needs no names of its own. */
  named({ id, from, to, amount }: Transfer): Transfer {
    return { id, from: this.#accounts.get(from)!.id, to: this.#accounts.get(to)!.id, amount };
  }

  committed(account: AccountId): bigint {
    return this.#committed.get(account) ?? 0n;
  }

  spendable(account: AccountId): bigint {
    return this.committed(account) - (this.#outgoing.get(account) ?? 0n);
  }

  covers({ from, amount }: Transfer): boolean {
    return this.spendable(from) >= amount;
  }

  /** The transfer stands in the local log: its money is gone from the sender, and reaches nobody before its block. */
  reserve({ from, amount }: Transfer): void {
    this.#outgoing.set(from, (this.#outgoing.get(from) ?? 0n) + amount);
  }

  /** Its block is committed: what the sender has left is in its committed balance. */
  #release({ from, amount }: Transfer): void {
    this.#outgoing.set(from, (this.#outgoing.get(from) ?? 0n) - amount);
  }

  /**
   * Takes over the committed balances of another server that is further; `own`: what left the local log with them.
   * Returns the accounts that changed.
   */
  adopt(balances: ReadonlyMap<AccountId, bigint>, own: readonly LoggedTransfer[]): ReadonlySet<AccountId> {
    const sum = [...balances.values()].reduce((total, balance) => total + balance, 0n);
    const isOurs = balances.size === this.#accounts.size && [...balances.keys()].every((id) => this.#accounts.has(id));
    invariant(
      isOurs && sum === this.total,
      `a snapshot holds ${sum} in ${balances.size} accounts, not our ${this.total}`,
    );
    for (const { value } of own) this.#release(value);
    const changed = new Set<AccountId>();
    for (const [account, balance] of balances) {
      if (balance !== this.committed(account)) changed.add(account);
      this.#committed.set(account, balance);
    }
    for (const [account, outgoing] of this.#outgoing) {
      invariant(outgoing <= this.committed(account), `a snapshot leaves ${account} less than its log has spent`);
    }
    return changed;
  }

  /** Applies a committed block; `self`'s own transfers leave the reserve, where they stood in it. Returns the accounts that changed. */
  apply(block: LedgerBlock, self: NodeId | undefined): ReadonlySet<AccountId> {
    const changed = new Set<AccountId>();
    for (const { owner, value } of block.entries) {
      const { from, to, amount } = value;
      const left = this.committed(from) - amount;
      invariant(this.#accounts.get(from)?.home === owner, `block ${block.height} lets ${owner} spend ${from}'s money`);
      invariant(this.#accounts.has(to), `block ${block.height} pays an unknown account`);
      invariant(left >= 0n, `block ${block.height} overdraws ${from} by ${-left}`);
      this.#committed.set(from, left);
      this.#committed.set(to, this.committed(to) + amount);
      if (owner === self) this.#release(value);
      changed.add(from).add(to);
    }
    return changed;
  }
}
