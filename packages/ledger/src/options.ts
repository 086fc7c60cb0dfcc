import { SynodError, type NodeId, type Random } from '@synod/kernel';
import type { Limits, Member, OwnDisk, Timing } from '@synod/paxos';
import type { Account } from './accounts.js';
import { isName, maxAmount } from './checks.js';

export interface LedgerOptions {
  readonly self: NodeId;
  /** The whole membership, self included. */
  readonly members: readonly NodeId[];
  /** Their initial balances add up to at most 2^64-1. */
  readonly accounts: readonly Account[];
  /** Hash of what all members must agree on: members, accounts, homes, initial balances. Hexadecimal SHA-256. */
  readonly genesis: string;
  readonly random: Random;
  /** `on-request`: only `attempt-queue` starts a round for a queue, as transaction files need it. Default `automatic`. */
  readonly queueRounds?: 'automatic' | 'on-request';
  /** How many decided transfers are remembered for repeats, from 1. Default 100,000. */
  readonly window?: number;
  /**
   * A log of this many entries makes its home start a round, so that memory stays bounded when nobody is short; from 1.
   * Default 1,048,576. Never with `queueRounds: 'on-request'`.
   */
  readonly logEntries?: number;
  readonly timing?: Partial<Timing>;
  readonly limits?: Partial<Limits>;
  /** Waits, with an empty disk, until a block names it as the disk of `self`. Of a disk that takes part it changes nothing. */
  readonly replacement?: boolean;
  /** Told of every server that was replaced: at the start, and when a block says so, before that is durable. */
  readonly onMember?: (server: NodeId, member: Member) => void;
  /** Told of the own disk: at the start, and when a block names it. */
  readonly onDisk?: (disk: OwnDisk) => void;
}

/** Throws `SynodError` `config` for the first option that no ledger can run with; the message begins with its name. */
export function checkOptions({ self, members, accounts, window = 1, logEntries = 1 }: LedgerOptions): void {
  demandUnique('members', members);
  demand(members.includes(self), `self: ${quote(self)} is not a member`);
  const ids = accounts.map(({ id }) => id);
  demandUnique('accounts', ids);
  for (const { id, home, initial } of accounts) {
    demand(isName(id), `accounts: ${quote(id)} is not a name`);
    demand(members.includes(home), `accounts: the home of ${id}, ${quote(home)}, is not a member`);
    demand(initial >= 0n, `accounts: ${id} can not start with ${initial}`);
  }
  const total = accounts.reduce((sum, { initial }) => sum + initial, 0n);
  demand(total <= maxAmount, `accounts: the initial balances add up to ${total}: together they are at most 2^64-1`);
  demand(Number.isSafeInteger(window) && window >= 1, `window: a whole number from 1 on, not ${window}`);
  demand(
    Number.isSafeInteger(logEntries) && logEntries >= 1,
    `logEntries: a whole number from 1 on, not ${logEntries}`,
  );
}

function demandUnique(option: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) demand(seen.size < seen.add(name).size, `${option}: ${quote(name)} stands twice`);
}

function demand(holds: boolean, complaint: string): void {
  if (!holds) throw new SynodError('config', complaint);
}

function quote(name: string): string {
  return JSON.stringify(name);
}
