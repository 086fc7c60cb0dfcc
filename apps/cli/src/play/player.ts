import { randomBytes } from 'node:crypto';
import type { Cluster } from '@synod/cluster';
import { compareNatural, type NodeId } from '@synod/kernel';
import type { BalanceMap, ShortPolicy, Transfer } from '@synod/ledger';
import type { TransactionFile, TransactionSet } from '@synod/ledger/file';
import { LedgerView } from '../local-cluster/ledger-view.js';
import type { LocalCluster } from '../local-cluster/local-cluster.js';
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
  readonly #local: LocalCluster;
  readonly #file: TransactionFile;
  readonly #options: PlayerOptions;
  readonly #view: LedgerView;
  readonly #settlement: Settlement;
  readonly #prefix = `${randomBytes(6).toString('hex')}/`;
  readonly #homes: ReadonlyMap<string, NodeId>;
  /** Everything played so far, in file order, by id. */
  readonly #played = new Map<string, PlayedTransfer>();
  #next = 0;

  constructor(local: LocalCluster, file: TransactionFile, options: PlayerOptions) {
    this.#local = local;
    this.#file = file;
    this.#options = options;
    this.#view = new LedgerView(local);
    this.#settlement = new Settlement(local.cluster.ledger.accounts);
    this.#homes = homesOf(local.cluster);
  }

  /** The set that `playNext` would play. */
  get next(): TransactionSet | undefined {
    return this.#file.sets[this.#next];
  }

  get total(): number {
    return this.#file.sets.length;
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
    this.#next++;
    const play = new SetPlay(this.#local, set, { ...this.#options, prefix: this.#prefix, homes: this.#homes });
    await play.play();
    for (const played of play.played) this.#played.set(played.transfer.id, played);
    return this.#result(set, play);
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
    await this.#settlement.update(this.#view);
    const late = this.#leaveQueues(set, new Set(pending));
    const up = (server: NodeId) => this.#local.isRunning(server);
    const accounts = [...this.#homes];
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
      if (ofThisSet.has(played.transfer.id)) continue;
      late[played.transfer.id] = 'consensus';
      this.#options.observer.late?.(played);
    }
    return late;
  }

  #inFileOrder(set: TransactionSet): PlayedTransfer[] {
    return set.transfers.flatMap(({ id }) => this.#played.get(id) ?? []);
  }
}

/** Every account and its home, in natural order of the accounts. */
export function homesOf(cluster: Cluster): ReadonlyMap<string, NodeId> {
  return new Map(cluster.ledger.accounts.map(({ id, home }) => [id, home]));
}

function spendable(map: BalanceMap, account: string): bigint | null {
  return map.balances.find((balance) => balance.account === account)?.spendable ?? null;
}
