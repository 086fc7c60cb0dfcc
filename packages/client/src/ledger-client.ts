import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { SynodError, type NodeId, type PerformanceReport } from '@synod/kernel';
import type {
  AccountBalance,
  AccountId,
  BalanceMap,
  LedgerBlock,
  LocalLog,
  ServerReport,
  TransferCommand,
  TransferOutcome,
} from '@synod/ledger';
import type { LedgerConnection, TransferResult, WatchedEvent } from '@synod/transport/client';
import { Deadline } from './deadline.js';
import type { CallOptions, ConnectOptions, TransferOptions, TransferRequest } from './options.js';
import { retry } from './retry.js';
import { Servers } from './servers.js';
import { TransferCall } from './transfer-call.js';

/**
 * The ledger of a cluster. It finds the home of an account by itself, sends what one turn of the event loop asks for
 * in one frame, reconnects, and repeats a transfer under its id until the deadline. Every method rejects with
 * `SynodError`. A server is named by its id or by its address.
 */
export class LedgerClient {
  readonly #servers: Servers;
  readonly #timeoutMs: number;
  readonly #closed = new AbortController();
  readonly #transfers = new Set<TransferCall>();

  /** Throws `SynodError` `invalid_argument`. */
  constructor(options: ConnectOptions) {
    this.#servers = new Servers(options);
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    // Every call that waits for a server listens.
    setMaxListeners(0, this.#closed.signal);
  }

  /**
   * Makes a transfer. Rejects with `definite: false` when it was sent and nobody answered in time: it may have happened,
   * and the same id asks again. With `unavailable` and `definite: true` it was never sent.
   */
  async transfer(transfer: TransferRequest, options: TransferOptions = {}): Promise<TransferOutcome> {
    const [result] = await this.transferBatch([transfer], options);
    if (result instanceof SynodError) throw result;
    return result!;
  }

  /** One result for each, in order: an outcome or a `SynodError`. */
  async transferBatch(transfers: readonly TransferRequest[], options: TransferOptions = {}): Promise<TransferResult[]> {
    const deadline = this.#deadline(options);
    if (transfers.length === 0) return [];
    return new Promise((resolve) => {
      const results = new Array<TransferResult>(transfers.length);
      let missing = transfers.length;
      for (const [i, transfer] of transfers.entries()) {
        this.#make(toCommand(transfer, options), deadline, (result) => {
          results[i] = result;
          if (--missing === 0) resolve(results);
        });
      }
    });
  }

  /** As its home knows it: what can be spent now. */
  balance(account: AccountId, options: CallOptions = {}): Promise<AccountBalance> {
    return this.#atHome(account, options, (calls, rest) => calls.balance(account, rest));
  }

  /** Every account as one server knows it; without a name, the first server that answers. */
  async balanceMap(server?: string, options: CallOptions = {}): Promise<BalanceMap> {
    const deadline = this.#deadline(options);
    if (server === undefined) {
      return retry(deadline, this.#closed.signal, () => this.#servers.anyBalanceMap(deadline.rest()));
    }
    const { calls } = await this.#servers.named(server);
    return calls.balanceMap(deadline.rest());
  }

  /** What one server holds that no block does; without the entries up to sequence `after` (default 0). */
  async log(server: string, options: CallOptions & { readonly after?: number } = {}): Promise<LocalLog> {
    const deadline = this.#deadline(options);
    const { calls } = await this.#servers.named(server);
    return calls.log({ ...deadline.rest(), after: options.after });
  }

  /** Committed blocks from a height on (default 1), at most `limit` (default: all). */
  async *blocks(
    server: string,
    { from = 1, limit }: { readonly from?: number; readonly limit?: number } = {},
    options: CallOptions = {},
  ): AsyncGenerator<LedgerBlock> {
    const { calls } = await this.#servers.named(server);
    yield* calls.blocks({ from, limit }, options);
  }

  /** Attempts what waits in an account's queue; answers which ids were executed, and the height then. */
  attemptQueue(
    account: AccountId,
    gather?: readonly NodeId[],
    options: CallOptions = {},
  ): Promise<{ readonly executed: readonly string[]; readonly height: number }> {
    return this.#atHome(account, options, (calls, rest) => calls.attemptQueue(account, gather, rest));
  }

  async status(server: string, options: CallOptions = {}): Promise<ServerReport> {
    const deadline = this.#deadline(options);
    const { calls } = await this.#servers.named(server);
    return calls.status(deadline.rest());
  }

  async performance(
    server: string,
    options: CallOptions & { readonly recent?: number } = {},
  ): Promise<PerformanceReport> {
    const deadline = this.#deadline(options);
    const { calls } = await this.#servers.named(server);
    return calls.performance({ ...deadline.rest(), recent: options.recent });
  }

  /** The current report, then one after each change. Ends with the signal; throws when the server goes away. */
  async *watchStatus(server: string, signal?: AbortSignal): AsyncGenerator<ServerReport> {
    const { calls } = await this.#servers.named(server);
    yield* calls.watchStatus({ signal });
  }

  /** The last `last` events that the server still keeps, then each new one. Ends and throws like `watchStatus`. */
  async *watchEvents(server: string, signal?: AbortSignal, last = 0): AsyncGenerator<WatchedEvent> {
    const { calls } = await this.#servers.named(server);
    yield* calls.watchEvents({ signal, last });
  }

  /** Ends every call under way with `cancelled`. */
  close(): void {
    this.#closed.abort();
    for (const call of this.#transfers) call.giveUp('the client was closed');
    this.#servers.close();
  }

  #make(command: TransferCommand, deadline: Deadline, done: (result: TransferResult) => void): void {
    const call = new TransferCall(command, this.#servers, deadline, (result) => {
      this.#transfers.delete(call);
      done(result);
    });
    this.#transfers.add(call);
    if (this.#closed.signal.aborted) call.giveUp('the client is closed');
    else call.start();
  }

  /** Asks the home of an account, also after it moved, until the deadline. */
  #atHome<T>(
    account: AccountId,
    options: CallOptions,
    ask: (calls: LedgerConnection, rest: CallOptions) => Promise<T>,
  ): Promise<T> {
    const deadline = this.#deadline(options);
    return retry(deadline, this.#closed.signal, async () => {
      const home = await this.#servers.home(account);
      try {
        return await ask(home.calls, deadline.rest());
      } catch (error) {
        if (!(error instanceof SynodError) || error.code !== 'wrong_home') throw error;
        await this.#servers.relearnHomes(home);
        const { calls } = await this.#servers.home(account);
        return ask(calls, deadline.rest());
      }
    });
  }

  #deadline(options: CallOptions): Deadline {
    return new Deadline(options, this.#timeoutMs);
  }
}

function toCommand(transfer: TransferRequest, options: TransferOptions): TransferCommand {
  const { id = randomUUID(), from, to, amount } = transfer;
  const { short = 'queue', durability = 'local', gather } = options;
  return { type: 'transfer', transfer: { id, from, to, amount }, short, durability, gather };
}
