import { SynodError, type NodeId } from '@synod/kernel';
import type { ShortPolicy, Transfer } from '@synod/ledger';
import type { FileTransfer, TransactionSet } from '@synod/ledger/file';
import type { LedgerCluster } from '../cluster/ledger-cluster.js';
import { isRefusal, type PlayedTransfer, type PlayObserver } from './fates.js';
import { Funds } from './funds.js';

export interface PlayOptions {
  readonly short: ShortPolicy;
  /** Accounts in parallel, each in its own order: faster, and not reproducible. */
  readonly concurrent: boolean;
  /** Stands before the ids of the file, so that two runs on the same data never share one. */
  readonly prefix: string;
  readonly observer: PlayObserver;
}

/** At most so many transfers are sent ahead of their answers. */
const sentAheadMost = 10_000;

/** Plays one set on a running cluster. */
export class SetPlay {
  readonly #cluster: LedgerCluster;
  readonly #set: TransactionSet;
  readonly #options: PlayOptions;
  readonly #funds: Funds;
  /** Listed and running. */
  readonly live: readonly NodeId[];
  /** Listed, but not running. */
  readonly crashed: readonly NodeId[];
  /** In file order, unless accounts are played in parallel. */
  readonly played: PlayedTransfer[] = [];
  #sentAhead: Promise<PlayedTransfer>[] = [];
  #decided = 0;

  constructor(cluster: LedgerCluster, set: TransactionSet, options: PlayOptions) {
    this.#cluster = cluster;
    this.#set = set;
    this.#options = options;
    this.#funds = new Funds(cluster.ledger);
    this.live = cluster.running(set.live);
    this.crashed = set.live.filter((server) => !cluster.isRunning(server));
  }

  /** Links follow the live list; then what is pending is attempted; then the transfers, in file order. */
  async play(): Promise<void> {
    const listed = this.#set.live;
    await this.#cluster.setLinks((server) => (listed.includes(server) ? listed : []));
    await this.#attemptQueues();
    if (this.#options.concurrent) await this.#playConcurrently();
    else for (const transfer of this.#set.transfers) await this.#playInOrder(transfer);
    await this.#drain();
    if (this.#options.concurrent) await this.#cluster.settle(this.live);
  }

  async #attemptQueues(): Promise<void> {
    for (const [account, home] of this.#cluster.homes) {
      if (!this.live.includes(home)) continue;
      const { pending } = await this.#cluster.ledger.balance(account);
      if (pending === 0) continue;
      const { height } = await this.#cluster.ledger.attemptQueue(account, this.live);
      await this.#cluster.reached(height, this.live);
    }
  }

  /**
   * Sequential by meaning: a transfer is waited for before the next one is sent, unless its fate is certain without a
   * round, in which case nothing that follows can tell the difference.
   */
  async #playInOrder(transfer: FileTransfer): Promise<void> {
    const skip = this.#whySkipped(transfer);
    if (skip) return this.#takeAhead(Promise.resolve(skip));
    if (!this.#funds.isKnown(transfer.from)) await this.#funds.look(transfer.from);
    if (this.#funds.covers(transfer)) {
      this.#funds.spend(transfer);
      return this.#sendAhead(transfer);
    }
    if (this.#options.short === 'queue' && (this.#funds.hasPending(transfer.from) || !this.#hasMajority())) {
      this.#funds.wait(transfer);
      return this.#sendAhead(transfer);
    }
    await this.#drain();
    const { played, height } = await this.#send(transfer, this.live);
    this.played.push(played);
    await this.#cluster.reached(height, this.live);
    this.#funds.forget();
  }

  async #playConcurrently(): Promise<void> {
    const byAccount = new Map<string, FileTransfer[]>();
    for (const transfer of this.#set.transfers) {
      const skip = this.#whySkipped(transfer);
      if (skip) {
        this.played.push(skip);
        continue;
      }
      const own = byAccount.get(transfer.from);
      if (own) own.push(transfer);
      else byAccount.set(transfer.from, [transfer]);
    }
    const inItsOrder = async (transfers: readonly FileTransfer[]) => {
      for (const transfer of transfers) this.played.push((await this.#send(transfer, undefined)).played);
    };
    await Promise.all([...byAccount.values()].map(inItsOrder));
  }

  #sendAhead(transfer: FileTransfer): Promise<void> {
    return this.#takeAhead(this.#send(transfer, this.live).then(({ played }) => played));
  }

  async #takeAhead(played: Promise<PlayedTransfer>): Promise<void> {
    played.catch(() => {}); // it is told where it is waited for
    this.#sentAhead.push(played);
    if (this.#sentAhead.length >= sentAheadMost) await this.#drain();
  }

  async #drain(): Promise<void> {
    const sent = this.#sentAhead;
    this.#sentAhead = [];
    for (const played of await Promise.all(sent)) this.played.push(played);
  }

  /** `height`: the home's when it answered; 0 if it refused the transfer for what it is. */
  async #send(
    transfer: FileTransfer,
    gather: readonly NodeId[] | undefined,
  ): Promise<{ played: PlayedTransfer; height: number }> {
    const { from, to, amount } = transfer;
    const request: Transfer = { id: this.#options.prefix + transfer.id, from, to, amount };
    try {
      const outcome = await this.#cluster.ledger.transfer(request, { short: this.#options.short, gather });
      const { status: fate, reason, sequence, height } = outcome;
      return { played: this.#tell({ transfer, fate, reason, sequence }), height };
    } catch (error) {
      if (!(error instanceof SynodError) || !isRefusal(error)) throw error;
      return { played: this.#tell({ transfer, fate: 'rejected', reason: error.message, sequence: 0 }), height: 0 };
    }
  }

  #tell(played: PlayedTransfer): PlayedTransfer {
    this.#options.observer.decided?.(played, ++this.#decided, this.#set.transfers.length);
    return played;
  }

  /** A transfer whose home is not live does not happen. */
  #whySkipped(transfer: FileTransfer): PlayedTransfer | undefined {
    const home = this.#cluster.homes.get(transfer.from);
    if (home === undefined || this.live.includes(home)) return undefined;
    const why = this.crashed.includes(home) ? 'has crashed' : 'is not live in this set';
    return this.#tell({ transfer, fate: 'skipped', reason: `${home}, its home, ${why}`, sequence: 0 });
  }

  #hasMajority(): boolean {
    return this.live.length >= this.#cluster.majority;
  }
}
