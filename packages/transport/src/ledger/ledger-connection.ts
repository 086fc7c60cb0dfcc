import type { PerformanceReport, ServerEvent, SynodError } from '@synod/kernel';
import type {
  AccountBalance,
  AccountId,
  BalanceMap,
  GatherFrom,
  LedgerBlock,
  LocalLog,
  ServerReport,
  TransferCommand,
  TransferOutcome,
} from '@synod/ledger';

/** Every call: how long to wait, and how to give up. */
export interface CallOptions {
  /** Milliseconds; default 10,000 for calls, none for streams. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface ConnectionOptions {
  /** Cluster id; a server of another cluster refuses. */
  readonly cluster?: string;
}

/** A transfer's end: what was decided, or why it was not. */
export type TransferResult = TransferOutcome | SynodError;

export interface WatchedEvent {
  readonly event: ServerEvent;
  /** How many events were lost directly before this one, because the reader was too slow. */
  readonly missed: number;
}

/** One stream of transfers to one server. What one turn of the event loop submits travels in one frame. */
export interface LedgerSession {
  /** `done` is called once: with the outcome, or with a `SynodError` (`unavailable` when the session ends before). */
  submit(command: TransferCommand, done: (result: TransferResult) => void): void;
  /** Sends nothing more, waits for the answers that are due, then ends. */
  close(): void;
}

/**
 * The calls of one server, as they are: no retries, no failover. Every method rejects with `SynodError`.
 * Connects on first use.
 */
export declare class LedgerConnection {
  readonly address: string;
  constructor(address: string, options?: ConnectionOptions);
  transfer(command: TransferCommand, options?: CallOptions): Promise<TransferOutcome>;
  transferBatch(commands: readonly TransferCommand[], options?: CallOptions): Promise<TransferResult[]>;
  balance(account: AccountId, options?: CallOptions): Promise<AccountBalance>;
  balanceMap(options?: CallOptions): Promise<BalanceMap>;
  log(options?: CallOptions): Promise<LocalLog>;
  /** Committed blocks from a height on, at most `limit`; without a limit all up to the current height. */
  blocks(range: { from: number; limit?: number }, options?: CallOptions): AsyncIterable<LedgerBlock>;
  attemptQueue(
    account: AccountId,
    gather?: GatherFrom,
    options?: CallOptions,
  ): Promise<{ executed: readonly string[]; height: number }>;
  status(options?: CallOptions): Promise<ServerReport>;
  performance(options?: CallOptions & { recent?: number }): Promise<PerformanceReport>;
  /** The current report, then one after each change; a slow reader gets only the latest. */
  watchStatus(options?: CallOptions): AsyncIterable<ServerReport>;
  /** Events as they happen, after the last `last` that the server still keeps. */
  watchEvents(options?: CallOptions & { last?: number }): AsyncIterable<WatchedEvent>;
  session(): LedgerSession;
  close(): void;
}
