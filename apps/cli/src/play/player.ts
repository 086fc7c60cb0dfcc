import { randomBytes } from 'node:crypto';
import { compareNatural, type NodeId } from '@synod/kernel';
import type { BalanceMap, ShortPolicy, Transfer } from '@synod/ledger';
import type { TransactionFile, TransactionSet } from '@synod/ledger/file';
import type { LedgerCluster } from '../cluster/ledger-cluster.js';
import { LedgerView } from '../cluster/ledger-view.js';
import type { Fate, PlayedTransfer, PlayObserver } from './fates.js';
import type { SetResult } from './run-result.js';
import { SetPlay } from './set-play.js';
import { Settlement } from './settlement.js';

export interface PlayerOptions {
  readonly short: ShortPolicy;
  readonly concurrent: boolean;
  readonly observer: PlayObserver;
}

/** Plays the sets of a transaction file one by one, and keeps what became of each transfer. */
export class Player {
  readonly #cluster: LedgerCluster;
  readonly #file: TransactionFile;
  readonly #options: PlayerOptions;
  readonly #view: LedgerView;
  #settlement: Settlement | undefined;
  readonly #prefix = `${randomBytes(6).toString('hex')}/`;
  /** Everything played so far, in file order, by id. */
  readonly #played = new Map<string, PlayedTransfer>();
  #next = 0;

  constructor(cluster: LedgerCluster, file: TransactionFile, options: PlayerOptions) {
    this.#cluster = cluster;
    this.#file = file;
    this.#options = options;
    this.#view = new LedgerView(cluster);
  }

  /** The set that `playNext` would play. */
  get next(): TransactionSet | undefined {
    return this.#file.sets[this.#next];
  }

  /** How many sets the file has. */
  get total(): number {
    return this.#file.sets.length;
  }

  /** How many of them were begun. */
  get begun(): number {
    return this.#next;
  }

  get played(): Iterable<PlayedTransfer> {
    return this.#played.values();
  }

  /** The id of the file for an id on the wire; ids of other runs and clients stay as they are. */
  shortId(id: string): string {
    return id.startsWith(this.#prefix) ? id.slice(this.#prefix.length) : id;
  }

  /** Plays the next set; undefined after the last. */
  async playNext(): Promise<SetResult | undefined> {
    const set = this.next;
    if (!set) return undefined;
    const { observer } = this.#options;
    const play = new SetPlay(this.#cluster, set, { ...this.#options, prefix: this.#prefix });
    const number = ++this.#next;
    observer.setBegan?.({ name: set.set, number, live: play.live, total: set.transfers.length });
    try {
      await play.play();
      for (const played of play.played) this.#played.set(played.transfer.id, played);
      return await this.#result(set, play);
    } finally {
      observer.setEnded?.();
    }
  }

  async #result(set: TransactionSet, play: SetPlay): Promise<SetResult> {
    const maps = new Map<NodeId, BalanceMap>();
    const waiting: Transfer[] = [];
    for (const server of this.#view.servers) {
      const map = await this.#view.balanceMap(server);
      maps.set(server, map);
      if (map.balances.some((balance) => balance.home === server && balance.pending > 0)) {
        const log = await this.#view.log(server, Number.MAX_SAFE_INTEGER);
        waiting.push(...log.pending);
      }
    }
    const pending = waiting.sort((a, b) => compareNatural(a.from, b.from)).map(({ id }) => this.shortId(id));
    this.#settlement ??= new Settlement(await this.#view.initialBalances());
    await this.#settlement.update(this.#view);
    const late = this.#leaveQueues(set, new Set(pending));
    const up = (server: NodeId) => this.#cluster.isRunning(server);
    const accounts = [...this.#cluster.homes];
    return {
      set: set.set,
      live: play.live,
      status: Object.fromEntries(this.#inFileOrder(set).map(({ transfer, fate }) => [transfer.id, fate])),
      ...(Object.keys(late).length > 0 ? { late } : {}),
      own: Object.fromEntries(
        accounts.map(([account, home]) => [account, up(home) ? spendable(maps.get(home)!, account) : null]),
      ),
      map: Object.fromEntries(
        [...maps].map(([server, map]) => [
          server,
          up(server) ? Object.fromEntries(map.balances.map((item) => [item.account, item.spendable])) : null,
        ]),
      ),
      settled: Object.fromEntries(this.#settlement.balances),
      pending,
      blocks: Object.fromEntries([...maps].map(([server, { height }]) => [server, up(server) ? height : null])),
    };
  }

  /** What was pending and waits no more was executed. Returns those of earlier sets. */
  #leaveQueues(set: TransactionSet, stillPending: ReadonlySet<string>): Record<string, Fate> {
    const late: Record<string, Fate> = {};
    const ofThisSet = new Set(set.transfers.map(({ id }) => id));
    for (const played of this.#played.values()) {
      if (played.fate !== 'pending' || stillPending.has(played.transfer.id)) continue;
      played.fate = 'consensus';
      played.reason = '';
      const isOfThisSet = ofThisSet.has(played.transfer.id);
      if (!isOfThisSet) late[played.transfer.id] = 'consensus';
      this.#options.observer.leftQueue?.(played, isOfThisSet);
    }
    return late;
  }

  #inFileOrder(set: TransactionSet): PlayedTransfer[] {
    return set.transfers.flatMap(({ id }) => this.#played.get(id) ?? []);
  }
}

function spendable(map: BalanceMap, account: string): bigint | null {
  return map.balances.find((balance) => balance.account === account)?.spendable ?? null;
}
