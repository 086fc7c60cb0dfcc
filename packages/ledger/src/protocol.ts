import type { NodeId, PerformanceReport } from '@synod/kernel';
import type { Ballot, Block, Change, PaxosMessage, ReplaceResult } from '@synod/paxos';
import type { LedgerRecord } from './records.js';
import type { AccountId, Durability, GatherFrom, LoggedTransfer, ShortPolicy, Transfer } from './transfer.js';

/** The vocabularies of the ledger machine. */
export interface LedgerProtocol {
  command: LedgerCommand;
  result: LedgerResult;
  message: PaxosMessage<Transfer>;
  record: LedgerRecord;
}

export type LedgerBlock = Block<Transfer>;

/** What a caller can ask one server. Answers show only what is durable. */
export type LedgerCommand =
  | TransferCommand
  | AttemptQueueCommand
  | { readonly type: 'balance'; readonly account: AccountId }
  /** Every account as this server knows it. */
  | { readonly type: 'balance-map' }
  /** The local log, without the entries up to a sequence (default 0), and what is pending. */
  | { readonly type: 'log'; readonly after?: number }
  /**
   * Committed blocks from a height on; at most `limit`, and at most about 1 MiB of them, but at least one if there is
   * one. Those that are missing (`LedgerStatus.missing`) are passed over.
   */
  | { readonly type: 'blocks'; readonly from: number; readonly limit: number }
  | { readonly type: 'status' }
  /** Gives another server another disk and address, by a block. Done already, it is answered as before. */
  | { readonly type: 'replace'; readonly change: Change };

export interface TransferCommand {
  readonly type: 'transfer';
  readonly transfer: Transfer;
  readonly short: ShortPolicy;
  readonly durability: Durability;
  readonly gather: GatherFrom;
}

/**
 * Attempts the head of one account's queue like a new transfer; while heads execute, the next; ends when the queue is
 * empty or its head stays short. For transaction files, where nothing else starts a round for a queue.
 */
export interface AttemptQueueCommand {
  readonly type: 'attempt-queue';
  readonly account: AccountId;
  readonly gather: GatherFrom;
}

/** The answer to a command; `error` replaces it when the command can not be done. */
export type LedgerResult =
  | { readonly type: 'outcome'; readonly outcome: TransferOutcome }
  | { readonly type: 'queue'; readonly executed: readonly string[]; readonly height: number }
  | { readonly type: 'balance'; readonly balance: AccountBalance }
  | { readonly type: 'balance-map'; readonly map: BalanceMap }
  | { readonly type: 'log'; readonly log: LocalLog }
  | { readonly type: 'blocks'; readonly blocks: readonly LedgerBlock[]; readonly height: number }
  | { readonly type: 'status'; readonly status: LedgerStatus }
  | ReplaceResult;

/** `local`: executed at once. `consensus`: executed after a round, or after waiting in the queue. */
export type TransferStatus = 'local' | 'consensus' | 'pending' | 'rejected';

/** What became of a transfer. Durable before it is answered. */
export interface TransferOutcome {
  readonly id: string;
  readonly status: TransferStatus;
  /** Its number in the owner's log, if it was executed; otherwise 0. */
  readonly sequence: number;
  /** Why it is pending or rejected, for people; empty if it was executed. */
  readonly reason: string;
  /** It stands in a committed block. */
  readonly committed: boolean;
  /** The server's committed height when it answered. */
  readonly height: number;
}

export interface AccountBalance {
  readonly account: AccountId;
  readonly home: NodeId;
  /** Initial balance and committed blocks. */
  readonly committed: bigint;
  /** `committed` less what left in transfers that no block holds yet; equals `committed` away from the home. */
  readonly spendable: bigint;
  /** Transfers that wait in the queue. */
  readonly pending: number;
}

/** Every account as one server knows it, in natural order. */
export interface BalanceMap {
  readonly server: NodeId;
  readonly height: number;
  readonly balances: readonly AccountBalance[];
}

/** What one server holds that no block does. */
export interface LocalLog {
  readonly server: NodeId;
  readonly height: number;
  /** Executed, in order of their sequence. */
  readonly entries: readonly LoggedTransfer[];
  /** Accepted but short: by account in natural order, then first in first out. */
  readonly pending: readonly Transfer[];
}

export interface LedgerStatus {
  readonly server: NodeId;
  /** Committed height. */
  readonly height: number;
  /** Hash of the last block, or of the genesis. */
  readonly hash: string;
  readonly promised: Ballot;
  /** The round this server leads now, if any, and its phase. */
  readonly round: { readonly ballot: Ballot; readonly phase: 'prepare' | 'accept' } | undefined;
  readonly logLength: number;
  readonly pending: number;
  /** Transfers waiting for a round right now. */
  readonly undecided: number;
  /** Peers whose links are up, in natural order. */
  readonly connected: readonly NodeId[];
  /** Takes part: durable, known to its peers. */
  readonly ready: boolean;
  /** The identity of its disk: 16 hexadecimal digits. */
  readonly disk: string;
  /** Started as a replacement, it waits until a block names its disk. */
  readonly waits: boolean;
  /** Behind a peer, fetching blocks. */
  readonly catchingUp: boolean;
  /** Heights whose blocks a snapshot let it skip and that it has not filled in yet. */
  readonly missing: HeightRange | undefined;
}

/** Both included. */
export interface HeightRange {
  readonly from: number;
  readonly to: number;
}

/** What a server reports continuously. */
export interface ServerReport {
  readonly status: LedgerStatus;
  /** The accounts this server is home of. */
  readonly own: readonly AccountBalance[];
  readonly performance: Pick<PerformanceReport, 'writes' | 'loopDelayMs'> & {
    readonly transfersPerSecond: number;
    readonly p50Ms: number;
    readonly p99Ms: number;
  };
}
