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
import { defaultTimeoutMs, type CallOptions } from '../connection/call-options.js';
import { ServiceConnection } from '../connection/service-connection.js';
import { watchLatest } from '../connection/watch-latest.js';
import { LedgerServiceService as methods } from '../gen/synod/ledger/v1/ledger_service.js';
import { SessionStream, type Session, type SessionOptions } from '../session/session-stream.js';
import { ledgerSessionWire } from './ledger-session-wire.js';
import { readBlocks, readLog } from './page-wire.js';
import { readBalance, readReport } from './report-wire.js';
import { readOutcome, readResult, writeGather, writeTransferRequest, type TransferResult } from './transfer-wire.js';

/** One stream of transfers to one server. */
export type LedgerSession = Session<TransferCommand, TransferOutcome>;

const read = { readOnly: true };
const change = { readOnly: false };

/**
 * The calls of one server, as they are: no retries, no failover. Every method rejects with `SynodError`.
 * Connects on first use.
 */
export class LedgerConnection extends ServiceConnection {
  async transfer(command: TransferCommand, options?: CallOptions): Promise<TransferOutcome> {
    const request = writeTransferRequest(command);
    const { outcome } = await this.connection.unary(methods.transfer, request, { ...options, ...change });
    return readOutcome(outcome);
  }

  /** One result for each, in order. At most 10,000, and 2 MiB together. */
  async transferBatch(commands: readonly TransferCommand[], options?: CallOptions): Promise<TransferResult[]> {
    const request = { transfers: commands.map(writeTransferRequest) };
    const { results } = await this.connection.unary(methods.transferBatch, request, { ...options, ...change });
    return commands.map((_, i) => readResult(results[i]));
  }

  async balance(account: AccountId, options?: CallOptions): Promise<AccountBalance> {
    const { balance } = await this.connection.unary(methods.balance, { account }, { ...options, ...read });
    return readBalance(balance);
  }

  balanceMap(options?: CallOptions): Promise<BalanceMap> {
    return this.connection.unary(methods.balanceMap, {}, { ...options, ...read });
  }

  /** The local log, without the entries up to the sequence `after` (default 0), and what is pending. */
  log({ after = 0, ...options }: CallOptions & { after?: number } = {}): Promise<LocalLog> {
    return readLog(this.connection.pages(methods.log, { after }, { timeoutMs: defaultTimeoutMs, ...options }));
  }

  /** Committed blocks from a height on, at most `limit`; without a limit all up to the current height. */
  blocks({ from, limit = 0 }: { from: number; limit?: number }, options: CallOptions = {}): AsyncIterable<LedgerBlock> {
    return readBlocks(this.connection.pages(methods.blocks, { from, limit }, options));
  }

  attemptQueue(
    account: AccountId,
    gather?: GatherFrom,
    options?: CallOptions,
  ): Promise<{ executed: readonly string[]; height: number }> {
    const request = { account, gatherFrom: writeGather(gather) };
    return this.connection.unary(methods.attemptQueue, request, { ...options, ...change });
  }

  async status(options?: CallOptions): Promise<ServerReport> {
    const { report } = await this.connection.unary(methods.status, {}, { ...options, ...read });
    return readReport(report);
  }

  /** The current report, then one after each change; a slow reader gets only the latest. Ends with the signal. */
  async *watchStatus(options: CallOptions = {}): AsyncGenerator<ServerReport> {
    for await (const { report } of watchLatest(this.connection, methods.watchStatus, {}, options)) {
      yield readReport(report);
    }
  }

  session(options: SessionOptions = {}): LedgerSession {
    return new SessionStream(this.connection, ledgerSessionWire, options);
  }
}
