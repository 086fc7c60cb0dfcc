import { compareNatural, Fifo, invariant } from '@synod/kernel';
import type { AccountId, Transfer } from './transfer.js';

/** Transfers that wait: one line per account, first in first out, in which each can be found by its id. */
export class Waiting<T extends { readonly transfer: Transfer }> {
  readonly #lines = new Map<AccountId, Line<T>>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  lengthOf(account: AccountId): number {
    return this.#lines.get(account)?.length ?? 0;
  }

  find(account: AccountId, id: string): T | undefined {
    return this.#lines.get(account)?.find(id);
  }

  first(account: AccountId): T | undefined {
    return this.#lines.get(account)?.first;
  }

  push(item: T): void {
    const { from, id } = item.transfer;
    let line = this.#lines.get(from);
    if (!line) this.#lines.set(from, (line = new Line()));
    line.push(id, item);
    this.#length++;
  }

  /** Takes the first of an account's line out of it. */
  shift(account: AccountId): T {
    const line = this.#lines.get(account);
    invariant(line, `a transfer of ${account} waits`);
    const item = line.first;
    line.drop(item.transfer.id);
    if (line.length === 0) this.#lines.delete(account);
    this.#length--;
    return item;
  }

  /** Accounts for which something waits, in natural order. */
  accounts(): AccountId[] {
    return [...this.#lines.keys()].sort(compareNatural);
  }

  takeAll(): T[] {
    const items = [...this.all()];
    this.#lines.clear();
    this.#length = 0;
    return items;
  }

  /** By account in natural order, then first in first out. */
  *all(): Iterable<T> {
    for (const account of this.accounts()) yield* this.#lines.get(account)!.all();
  }
}

/** Never empty. */
class Line<T> {
  /** For look-ups only: a Map emptied from its front is scanned from its front, which makes a long line quadratic. */
  readonly #byId = new Map<string, T>();
  readonly #items = new Fifo<T>();

  get length(): number {
    return this.#items.length;
  }

  get first(): T {
    return this.#items.at(0)!;
  }

  find(id: string): T | undefined {
    return this.#byId.get(id);
  }

  push(id: string, item: T): void {
    invariant(!this.#byId.has(id), `transfer ${id} waits once`);
    this.#byId.set(id, item);
    this.#items.push(item);
  }

  /** Drops the first, whose id this is. */
  drop(id: string): void {
    this.#byId.delete(id);
    this.#items.shift();
  }

  all(): Iterable<T> {
    return this.#items;
  }
}
