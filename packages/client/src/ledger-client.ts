import type { NodeId, PerformanceReport } from '@synod/kernel';
import type {
  AccountBalance,
  AccountId,
  BalanceMap,
  LedgerBlock,
  LocalLog,
  ServerReport,
  TransferOutcome,
} from '@synod/ledger';
import type { TransferResult, WatchedEvent } from '@synod/transport/client';
import type { CallOptions, TransferOptions, TransferRequest } from './options.js';

/**
 * The ledger of a cluster. It finds the home of an account by itself, sends what one turn of the event loop asks for
 * in one frame, reconnects, and repeats a transfer under its id until the deadline. Every method rejects with
 * `SynodError`. A server is named by its id or by its address.
 */
export declare class LedgerClient {
  transfer(transfer: TransferRequest, options?: TransferOptions): Promise<TransferOutcome>;
  /** One result for each, in order: an outcome or a `SynodError`. */
  transferBatch(transfers: readonly TransferRequest[], options?: TransferOptions): Promise<TransferResult[]>;
  /** As its home knows it: what can be spent now. */
  balance(account: AccountId, options?: CallOptions): Promise<AccountBalance>;
  /** Every account as one server knows it; without a name, the first server that answers. */
  balanceMap(server?: string, options?: CallOptions): Promise<BalanceMap>;
  log(server: string, options?: CallOptions): Promise<LocalLog>;
  /** Committed blocks from a height on (default 1), at most `limit` (default: all). */
  blocks(
    server: string,
    range?: { readonly from?: number; readonly limit?: number },
    options?: CallOptions,
  ): AsyncIterable<LedgerBlock>;
  /** Attempts what waits in an account's queue; answers which ids were executed, and the height then. */
  attemptQueue(
    account: AccountId,
    gather?: readonly NodeId[],
    options?: CallOptions,
  ): Promise<{ readonly executed: readonly string[]; readonly height: number }>;
  status(server: string, options?: CallOptions): Promise<ServerReport>;
  performance(server: string, options?: CallOptions & { readonly recent?: number }): Promise<PerformanceReport>;
  /** The current report, then one after each change; ends with the signal. */
  watchStatus(server: string, signal?: AbortSignal): AsyncIterable<ServerReport>;
  /** The last `last` events the server still keeps, then each new one; ends with the signal. */
  watchEvents(server: string, signal?: AbortSignal, last?: number): AsyncIterable<WatchedEvent>;
}
