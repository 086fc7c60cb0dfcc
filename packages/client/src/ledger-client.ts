import { randomUUID } from 'node:crypto';
import { SynodError, type NodeId } from '@synod/kernel';
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
import type { LedgerConnection, TransferResult } from '@synod/transport/client';
import type { ClientCore } from './client-core.js';
import { Homes } from './homes.js';
import type { CallOptions, TransferOptions, TransferRequest } from './options.js';
import { retry } from './retry.js';
import { TransferCall } from './transfer-call.js';

/**
 * The ledger of a cluster. It finds the home of an account by itself, sends what one turn of the event loop asks for
 * in one frame, reconnects, and repeats a transfer under its id until the deadline. Every method rejects with
 * `SynodError`. A server is named by its id or by its address.
 */
export class LedgerClient {
  readonly #core: ClientCore;
  readonly #homes: Homes;

  constructor(core: ClientCore) {
    this.#core = core;
    this.#homes = new Homes(core.servers);
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
    const deadline = this.#core.deadline(options);
    if (transfers.length === 0) return [];
    return new Promise((resolve) => {
      const results = new Array<TransferResult>(transfers.length);
      let missing = transfers.length;
      for (const [i, transfer] of transfers.entries()) {
        new TransferCall(toCommand(transfer, options), this.#core, this.#homes, deadline, (result) => {
          results[i] = result;
          if (--missing === 0) resolve(results);
        }).start();
      }
    });
  }

  /** As its home knows it: what can be spent now. */
  balance(account: AccountId, options: CallOptions = {}): Promise<AccountBalance> {
    return this.#atHome(account, options, (calls, rest) => calls.balance(account, rest));
  }

  /** Every account as one server knows it; without a name, the first server that answers. */
  async balanceMap(server?: string, options: CallOptions = {}): Promise<BalanceMap> {
    const deadline = this.#core.deadline(options);
    if (server === undefined) {
      return retry(deadline, this.#core.closed, () => this.#homes.anyBalanceMap(deadline.rest()));
    }
    const { calls } = await this.#core.servers.named(server, deadline);
    return calls.ledger.balanceMap(deadline.rest());
  }

  /** What one server holds that no block does; without the entries up to sequence `after` (default 0). */
  async log(server: string, options: CallOptions & { readonly after?: number } = {}): Promise<LocalLog> {
    const deadline = this.#core.deadline(options);
    const { calls } = await this.#core.servers.named(server, deadline);
    return calls.ledger.log({ ...deadline.rest(), after: options.after });
  }

  /** Committed blocks from a height on (default 1), at most `limit` (default: all). */
  async *blocks(
    server: string,
    { from = 1, limit }: { readonly from?: number; readonly limit?: number } = {},
    options: CallOptions = {},
  ): AsyncGenerator<LedgerBlock> {
    const { calls } = await this.#core.servers.named(server, this.#core.deadline(options));
    yield* calls.ledger.blocks({ from, limit }, options);
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
    const deadline = this.#core.deadline(options);
    const { calls } = await this.#core.servers.named(server, deadline);
    return calls.ledger.status(deadline.rest());
  }

  /** The current report, then one after each change. Ends with the signal; throws when the server goes away. */
  async *watchStatus(server: string, signal?: AbortSignal): AsyncGenerator<ServerReport> {
    const { calls } = await this.#core.servers.named(server, this.#core.deadline({ signal }));
    yield* calls.ledger.watchStatus({ signal });
  }

  /** Asks the home of an account, also after it moved, until the deadline. */
  #atHome<T>(
    account: AccountId,
    options: CallOptions,
    ask: (calls: LedgerConnection, rest: CallOptions) => Promise<T>,
  ): Promise<T> {
    const deadline = this.#core.deadline(options);
    return retry(deadline, this.#core.closed, async () => {
      const home = await this.#homes.of(account, deadline);
      try {
        return await ask(home.calls.ledger, deadline.rest());
      } catch (error) {
        if (!(error instanceof SynodError) || error.code !== 'wrong_home') throw error;
        await this.#homes.relearn(home);
        const { calls } = await this.#homes.of(account, deadline);
        return ask(calls.ledger, deadline.rest());
      }
    });
  }
}

function toCommand(transfer: TransferRequest, options: TransferOptions): TransferCommand {
  const { id = randomUUID(), from, to, amount } = transfer;
  const { short = 'queue', durability = 'local', gather } = options;
  return { type: 'transfer', transfer: { id, from, to, amount }, short, durability, gather };
}
