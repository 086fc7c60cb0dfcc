import { compareNatural, type NodeId } from '@synod/kernel';
import type { Transfer } from '../transfer.js';
import type { FileCommand } from './menu-command.js';
import type { Names } from './names.js';
import { quote, type Problems } from './problems.js';
import type { SetRow, WrittenTransfer } from './row.js';

const maxAmount = 2n ** 64n - 1n;

/** A transfer of a file; its `id` is `<set>-<position in the set>`. */
export interface FileTransfer extends Transfer {
  /** The physical line where it stands, from 1. */
  readonly line: number;
}

export interface TransactionSet {
  /** The set number as written, `1`. */
  readonly set: string;
  /** In natural order, without duplicates. */
  readonly live: readonly NodeId[];
  /** In file order. Empty if the set only names its live servers. */
  readonly transfers: readonly FileTransfer[];
  /** To run, in order, when the set is done. */
  readonly commands: readonly FileCommand[];
}

interface OpenSet {
  readonly number: string;
  readonly set: string;
  /** Undefined if it is missing or wrong; that was reported once. */
  readonly live: readonly NodeId[] | undefined;
  readonly transfers: FileTransfer[];
  readonly commands: FileCommand[];
}

/** Gathers rows into sets, resolves their names and numbers and checks what spans rows. */
export class SetReader {
  readonly #servers: Names;
  readonly #accounts: Names;
  readonly #problems: Problems;
  readonly #sets: OpenSet[] = [];
  readonly #seen = new Set<string>();

  constructor(servers: Names, accounts: Names, problems: Problems) {
    this.#servers = servers;
    this.#accounts = accounts;
    this.#problems = problems;
  }

  takeRow(row: SetRow): void {
    const set = this.#setOf(row);
    for (const written of row.transfers) {
      const transfer = this.#transfer(written);
      if (transfer) set.transfers.push({ id: `${set.set}-${set.transfers.length + 1}`, ...transfer });
    }
  }

  /** `command` is undefined if it was refused already. */
  takeCommand(line: number, command: FileCommand | undefined): void {
    const set = this.#sets.at(-1);
    if (!set) this.#problems.add(line, 'a menu command before the first set: commands follow the set they belong to');
    else if (command) set.commands.push(command);
  }

  /** The sets, once the problems are known to be none. */
  finish(): TransactionSet[] {
    return this.#sets.map(({ set, live = [], transfers, commands }) => ({ set, live, transfers, commands }));
  }

  #setOf(row: SetRow): OpenSet {
    const current = this.#sets.at(-1);
    const number = row.set.replace(/^0+(?=\d)/, '');
    if (current && (row.set === '' || number === current.number)) {
      this.#checkSameLive(row, current);
      return current;
    }
    if (row.set === '') {
      this.#problems.add(
        row.line,
        'no set number: the first row begins with one, as in 1,"(S1, S3, 45)","[S1, S2, S3]"',
      );
    } else if (this.#seen.has(number)) {
      this.#problems.add(row.line, `set ${quote(row.set)} returns after another set: keep the rows of a set together`);
    } else if (row.live === undefined) {
      this.#problems.add(
        row.line,
        `set ${quote(row.set)} has no live list: end its first row with one, as in "[S1, S2, S3]"`,
      );
    }
    this.#seen.add(number);
    const opened = { number, set: row.set, live: this.#live(row), transfers: [], commands: [] };
    this.#sets.push(opened);
    return opened;
  }

  #checkSameLive(row: SetRow, { set, live: before }: OpenSet): void {
    const live = this.#live(row);
    if (!live || !before || live.join() === before.join()) return;
    this.#problems.add(
      row.line,
      `the live list changes inside set ${quote(set)}, from [${before.join(', ')}] to [${live.join(', ')}]: begin a new set`,
    );
  }

  /** A server named twice counts once. */
  #live(row: SetRow): NodeId[] | undefined {
    if (!row.live) return undefined;
    if (row.live.length === 0) {
      this.#problems.add(row.line, 'the live list is empty: name at least one server');
      return undefined;
    }
    const live = new Set<NodeId>();
    let complete = true;
    for (const written of row.live) {
      const server = this.#servers.resolve(written, row.line, this.#problems);
      if (server === undefined) complete = false;
      else live.add(server);
    }
    return complete ? [...live].sort(compareNatural) : undefined;
  }

  #transfer({ line, from, to, amount }: WrittenTransfer): Omit<FileTransfer, 'id'> | undefined {
    const sender = this.#accounts.resolve(from, line, this.#problems);
    const receiver = this.#accounts.resolve(to, line, this.#problems);
    const units = this.#amount(amount, line);
    if (sender === undefined || receiver === undefined || units === undefined) return undefined;
    if (sender === receiver) {
      this.#problems.add(line, `${sender} transfers to itself: name two different accounts`);
      return undefined;
    }
    return { from: sender, to: receiver, amount: units, line };
  }

  #amount(written: string, line: number): bigint | undefined {
    const digits = /^0*([1-9]\d{0,19})$/.exec(written)?.[1];
    const amount = digits === undefined ? 0n : BigInt(digits);
    if (amount > 0n && amount <= maxAmount) return amount;
    this.#problems.add(line, `amount ${quote(written)} is not a positive whole number: write 1 to ${maxAmount}`);
    return undefined;
  }
}
