import type { NodeId } from '@synod/kernel';
import type { Account } from './accounts.js';
import type { LedgerBlock } from './protocol.js';
import { sameTransfer, showTransfer, type AccountId, type LoggedTransfer, type Transfer } from './transfer.js';

/** What one server holds at one moment. */
export interface Holdings {
  /** Committed height. */
  readonly height: number;
  readonly log: readonly LoggedTransfer[];
  /** Spendable of its own accounts, committed of the others. */
  readonly balances: ReadonlyMap<AccountId, bigint>;
}

/**
 * Judges a ledger from outside, while it runs or from a dump: is told what servers commit and hold and what clients
 * were answered, in any order but for heights, and finds whatever breaks what is always true. Trusts nobody: balances
 * it counts itself.
 */
export class LedgerAudit {
  /** What is wrong, in the order in which it came to light. */
  readonly problems: string[] = [];
  readonly #accounts: ReadonlyMap<AccountId, Account>;
  readonly #balances: Map<AccountId, bigint>;
  readonly #total: bigint;
  readonly #chain: LedgerBlock[] = [];
  readonly #committed = new Map<NodeId, number>();
  /** What stands under each number of an owner, whoever said so first. */
  readonly #entries = new Map<string, Transfer>();
  /** Under which number of an owner each transfer stands. */
  readonly #places = new Map<string, string>();
  #acknowledged: LoggedTransfer[] = [];
  /** The account of each. */
  readonly #refused = new Map<string, AccountId>();

  constructor(accounts: readonly Account[]) {
    this.#accounts = new Map(accounts.map((account) => [account.id, account]));
    this.#balances = new Map(accounts.map(({ id, initial }) => [id, initial]));
    this.#total = sum(this.#balances.values());
  }

  /** The longest chain that any server has shown. */
  get chain(): readonly LedgerBlock[] {
    return this.#chain;
  }

  /** The highest sequence of `owner` in a block; 0 if there is none. */
  committedSequence(owner: NodeId): number {
    return this.#committed.get(owner) ?? 0;
  }

  /** A server's chain holds this block. The first to show a height has shown the one below. */
  committed(server: NodeId, block: LedgerBlock): void {
    const known = this.#chain[block.height - 1];
    if (known) {
      if (known.hash !== block.hash) this.#complain(`${server} holds another block at height ${block.height}`);
      return;
    }
    const previous = this.#chain.at(-1);
    if (block.height !== this.#chain.length + 1 || (previous && previous.hash !== block.previous)) {
      return this.#complain(`${server}'s block ${block.height} does not continue the chain of ${this.#chain.length}`);
    }
    this.#chain.push(block);
    for (const entry of block.entries) this.#apply(entry, block.height);
    if (block.change) this.#lose(block.change.server);
    if (sum(this.#balances.values()) !== this.#total) {
      this.#complain(`the sum of all balances changes with block ${block.height}`);
    }
  }

  /** A server's chain ends with this block. */
  stands(server: NodeId, height: number, hash: string): void {
    if (this.#chain[height - 1]?.hash !== hash) {
      this.#complain(`${server} stands at height ${height} on a block that nobody has shown`);
    }
  }

  /** The owner's disk holds this entry. */
  logged({ owner, sequence, value }: LoggedTransfer): void {
    const number = `${owner}/${sequence}`;
    const before = this.#entries.get(number);
    if (before && !sameTransfer(before, value)) {
      return this.#complain(`${number} is ${show(value)}, and was ${show(before)} before`);
    }
    const place = this.#places.get(idOf(value));
    if (place !== undefined && place !== number) this.#complain(`${show(value)} is both ${place} and ${number}`);
    if (this.#refused.has(idOf(value))) this.#complain(`${show(value)} was refused, and is executed as ${number}`);
    this.#entries.set(number, value);
    this.#places.set(idOf(value), number);
  }

  /** A client was told that this was executed. */
  acknowledged(entry: LoggedTransfer): void {
    this.logged(entry);
    this.#acknowledged.push(entry);
  }

  /** A client was told that this never will be executed. */
  refused(transfer: Transfer): void {
    this.#refused.set(idOf(transfer), transfer.from);
    const place = this.#places.get(idOf(transfer));
    if (place !== undefined) this.#complain(`${show(transfer)} is executed as ${place}, and is refused`);
  }

  /** The run is over, and this is what is left: by server, undefined if its disk is lost. */
  ended(servers: ReadonlyMap<NodeId, Holdings | undefined>): void {
    for (const [server, holdings] of servers) if (holdings) this.#holds(server, holdings);
    const logged = new Map([...servers].map(([owner, holdings]) => [owner, holdings && sequencesOf(holdings.log)]));
    for (const { owner, sequence, value } of this.#acknowledged) {
      if (sequence > this.committedSequence(owner) && logged.get(owner)?.has(sequence) === false) {
        this.#complain(`${show(value)} was acknowledged, and is in no block and not in the log of ${owner}`);
      }
    }
  }

  #apply({ owner, sequence, value }: LoggedTransfer, height: number): void {
    this.logged({ owner, sequence, value });
    const last = this.committedSequence(owner);
    if (sequence !== last + 1) this.#complain(`block ${height} holds entry ${sequence} of ${owner} after ${last}`);
    this.#committed.set(owner, sequence);
    if (this.#accounts.get(value.from)?.home !== owner) this.#complain(`${owner} is not the home of ${value.from}`);
    this.#move(value, this.#balances);
    const left = this.#balances.get(value.from) ?? 0n;
    if (left < 0n) this.#complain(`${show(value)} in block ${height} leaves ${value.from} with ${left}`);
  }

  /** A server is replaced: what its former disk held and no block does is lost, refusals included. */
  #lose(owner: NodeId): void {
    const isLeft = ({ owner: other, sequence }: LoggedTransfer): boolean =>
      other !== owner || sequence <= this.committedSequence(owner);
    this.#acknowledged = this.#acknowledged.filter(isLeft);
    for (const [number, transfer] of this.#entries) {
      const [, other, sequence] = /^(.*)\/(\d+)$/.exec(number)!;
      if (isLeft({ owner: other!, sequence: Number(sequence), value: transfer })) continue;
      this.#entries.delete(number);
      this.#places.delete(idOf(transfer));
    }
    for (const [id, account] of this.#refused) {
      if (this.#accounts.get(account)?.home === owner) this.#refused.delete(id);
    }
  }

  #holds(server: NodeId, { height, log, balances }: Holdings): void {
    if (height > this.#chain.length) this.#complain(`${server} stands at ${height}, above every block shown`);
    const known = new Map([...this.#accounts.values()].map(({ id, initial }) => [id, initial]));
    let next = 1;
    for (const { entries } of this.#chain.slice(0, height)) {
      for (const { owner, value } of entries) {
        this.#move(value, known);
        if (owner === server) next++;
      }
    }
    for (const entry of log) {
      this.logged(entry);
      if (entry.sequence !== next) this.#complain(`${server}'s log holds ${entry.sequence} where ${next} belongs`);
      next = entry.sequence + 1;
      known.set(entry.value.from, (known.get(entry.value.from) ?? 0n) - entry.value.amount);
    }
    for (const [account, balance] of known) {
      if (balance < 0n) this.#complain(`${server}'s log overdraws ${account} by ${-balance}`);
      const told = balances.get(account);
      if (told !== balance) this.#complain(`${server} says that ${account} holds ${told}, and it is ${balance}`);
    }
  }

  #move({ from, to, amount }: Transfer, balances: Map<AccountId, bigint>): void {
    for (const [account, change] of [
      [from, -amount],
      [to, amount],
    ] as const) {
      const before = balances.get(account);
      if (before !== undefined) balances.set(account, before + change);
    }
  }

  #complain(problem: string): void {
    this.problems.push(problem);
  }
}

/** An id belongs to the sending account. */
function idOf({ from, id }: Transfer): string {
  return `${from}\n${id}`;
}

function sequencesOf(log: readonly LoggedTransfer[]): ReadonlySet<number> {
  return new Set(log.map(({ sequence }) => sequence));
}

function show(transfer: Transfer): string {
  return `${transfer.id} (${showTransfer(transfer)})`;
}

function sum(balances: Iterable<bigint>): bigint {
  let total = 0n;
  for (const balance of balances) total += balance;
  return total;
}
