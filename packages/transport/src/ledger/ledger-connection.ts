import type { PerformanceReport, ServerEvent } from '@synod/kernel';
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
import { defaultTimeoutMs, type CallOptions, type ConnectionOptions } from '../connection/call-options.js';
import { Connection } from '../connection/connection.js';
import { latestOnly } from '../connection/latest-only.js';
import { asSynodError } from '../errors/wire-errors.js';
import { LedgerServiceService as methods } from '../gen/synod/ledger/v1/ledger_service.js';
import { SessionStream, type LedgerSession, type SessionOptions } from './ledger-session.js';
import { readBlocks, readLog } from './page-wire.js';
import { readBalance, readEvent, readPerformance, readReport } from './report-wire.js';
import { readOutcome, readResult, writeGather, writeTransferRequest, type TransferResult } from './transfer-wire.js';

export interface WatchedEvent {
  readonly event: ServerEvent;
  /** How many events were lost directly before this one, because the reader was too slow. */
  readonly missed: number;
}

const read = { readOnly: true };
const change = { readOnly: false };

/**
 * The calls of one server, as they are: no retries, no failover. Every method rejects with `SynodError`.
 * Connects on first use.
 */
export class LedgerConnection {
  readonly #connection: Connection;

  constructor(address: string, options?: ConnectionOptions) {
    this.#connection = new Connection(address, options);
  }

  get address(): string {
    return this.#connection.address;
  }

  async transfer(command: TransferCommand, options?: CallOptions): Promise<TransferOutcome> {
    const request = writeTransferRequest(command);
    const { outcome } = await this.#connection.unary(methods.transfer, request, { ...options, ...change });
    return readOutcome(outcome);
  }

  /** One result for each, in order. At most 10,000, and 1 MiB together. */
  async transferBatch(commands: readonly TransferCommand[], options?: CallOptions): Promise<TransferResult[]> {
    const request = { transfers: commands.map(writeTransferRequest) };
    const { results } = await this.#connection.unary(methods.transferBatch, request, { ...options, ...change });
    return commands.map((_, i) => readResult(results[i]));
  }

  async balance(account: AccountId, options?: CallOptions): Promise<AccountBalance> {
    const { balance } = await this.#connection.unary(methods.balance, { account }, { ...options, ...read });
    return readBalance(balance);
  }

  balanceMap(options?: CallOptions): Promise<BalanceMap> {
    return this.#connection.unary(methods.balanceMap, {}, { ...options, ...read });
  }

  /** The local log, without the entries up to the sequence `after` (default 0), and what is pending. */
  log({ after = 0, ...options }: CallOptions & { after?: number } = {}): Promise<LocalLog> {
    return readLog(this.#connection.pages(methods.log, { after }, { timeoutMs: defaultTimeoutMs, ...options }));
  }

  /** Committed blocks from a height on, at most `limit`; without a limit all up to the current height. */
  blocks({ from, limit = 0 }: { from: number; limit?: number }, options: CallOptions = {}): AsyncIterable<LedgerBlock> {
    return readBlocks(this.#connection.pages(methods.blocks, { from, limit }, options));
  }

  attemptQueue(
    account: AccountId,
    gather?: GatherFrom,
    options?: CallOptions,
  ): Promise<{ executed: readonly string[]; height: number }> {
    const request = { account, gatherFrom: writeGather(gather) };
    return this.#connection.unary(methods.attemptQueue, request, { ...options, ...change });
  }

  async status(options?: CallOptions): Promise<ServerReport> {
    const { report } = await this.#connection.unary(methods.status, {}, { ...options, ...read });
    return readReport(report);
  }

  async performance({ recent = 20, ...options }: CallOptions & { recent?: number } = {}): Promise<PerformanceReport> {
    const { report } = await this.#connection.unary(methods.performance, { recent }, { ...options, ...read });
    return readPerformance(report);
  }

  /** The current report, then one after each change; a slow reader gets only the latest. Ends with the signal. */
  async *watchStatus(options: CallOptions = {}): AsyncGenerator<ServerReport> {
    const left = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
    const pages = this.#connection.pages(methods.watchStatus, {}, { ...options, signal });
    try {
      for await (const { report } of latestOnly(pages, () => left.abort())) yield readReport(report);
    } catch (error) {
      endQuietly(error, options.signal);
    }
  }

  /** Events as they happen, after the last `last` that the server still keeps. Ends with the signal. */
  async *watchEvents({ last = 0, ...options }: CallOptions & { last?: number } = {}): AsyncGenerator<WatchedEvent> {
    try {
      for await (const { missed, events } of this.#connection.pages(methods.watchEvents, { last }, options)) {
        for (const [i, event] of events.entries()) yield { event: readEvent(event), missed: i === 0 ? missed : 0 };
      }
    } catch (error) {
      endQuietly(error, options.signal);
    }
  }

  session(options: SessionOptions = {}): LedgerSession {
    return new SessionStream(this.#connection, options);
  }

  /** Ends every call under way with `cancelled`. */
  close(): void {
    this.#connection.close();
  }
}

/** A watcher that goes away by its signal has seen what it wanted. */
function endQuietly(error: unknown, signal: AbortSignal | undefined): void {
  if (!(signal?.aborted && asSynodError(error).code === 'cancelled')) throw error;
}
