import { connect, type LedgerClient, type SynodClient } from '@synod/client';
import { quorumSize, type NodeId } from '@synod/kernel';
import type { AccountId, LedgerCommand, LedgerResult, ServerReport } from '@synod/ledger';
import type { AdminConnection, ServerAddress } from '@synod/transport/client';
import { StatusBoard } from './status-board.js';

/** How long running servers may take to link up, or to catch up. */
const patienceMs = 10_000;

/** What is to be known of a ledger before its servers are reached. */
export interface KnownLedger {
  /** The cluster's id. */
  readonly id: string;
  /** In natural order. */
  readonly servers: readonly ServerAddress[];
  /** The home of each account, in natural order of the accounts. */
  readonly homes: ReadonlyMap<AccountId, NodeId>;
}

/** What an account began with. */
export interface InitialBalance {
  readonly id: AccountId;
  readonly initial: bigint;
}

/** A ledger on its servers, whoever started them: what they report, their links, and the chain they hold. */
export abstract class LedgerCluster {
  /** In natural order. */
  readonly servers: readonly NodeId[];
  readonly homes: ReadonlyMap<AccountId, NodeId>;
  readonly board: StatusBoard<ServerReport>;
  readonly client: SynodClient;
  /** Who each server may be linked to. */
  readonly #links = new Map<NodeId, readonly NodeId[]>();

  constructor({ id, servers, homes }: KnownLedger) {
    this.servers = servers.map((server) => server.id);
    this.homes = homes;
    this.client = connect({ servers, cluster: id, timeoutMs: 2 * patienceMs });
    this.board = new StatusBoard((server, signal) => this.reportsOf(server, signal));
    for (const server of this.servers) this.#links.set(server, this.servers);
  }

  abstract isRunning(server: NodeId): boolean;

  /** Throws `SynodError` `unavailable` if the server can not be reached at all. */
  abstract admin(server: NodeId): AdminConnection;

  /** In natural order of the accounts. Rejects with `SynodError` if nobody can tell. */
  abstract initialBalances(): Promise<readonly InitialBalance[]>;

  /** Asks the ledger of a server that does not run; undefined where its data is out of reach. */
  readonly askOffline?: (server: NodeId, command: LedgerCommand) => Promise<LedgerResult>;

  get ledger(): LedgerClient {
    return this.client.ledger;
  }

  get majority(): number {
    return quorumSize(this.servers.length);
  }

  /** Those of `servers` that run, in natural order. */
  running(servers: readonly NodeId[] = this.servers): NodeId[] {
    return servers.filter((server) => this.isRunning(server));
  }

  isLinked(server: NodeId): boolean {
    return this.allowedLinks(server).length > 0;
  }

  /** The servers a server may be linked to, running or not. */
  allowedLinks(server: NodeId): readonly NodeId[] {
    return this.#links.get(server) ?? [];
  }

  /** The running servers a server is meant to be linked to now. */
  linksOf(server: NodeId): NodeId[] {
    const allowed = this.allowedLinks(server);
    return allowed.filter(
      (peer) => peer !== server && this.isRunning(peer) && this.allowedLinks(peer).includes(server),
    );
  }

  /**
   * Gives every server the links that `allowed` names, links that end first, so that no block takes a way that exists
   * neither before nor after. Waits until all of them stand, and those linked hold the same chain.
   */
  async setLinks(allowed: (server: NodeId) => readonly NodeId[]): Promise<void> {
    const changed = this.servers.filter((server) => !sameNames(this.#links.get(server) ?? [], allowed(server)));
    if (changed.length === 0) return;
    await this.tellLinks(changed, (server) =>
      allowed(server).filter((peer) => this.#links.get(server)?.includes(peer)),
    );
    await this.tellLinks(changed, allowed);
    for (const server of changed) this.#links.set(server, allowed(server));
    await this.settle(this.running());
  }

  /**
   * Waits until these servers have the links they should have, and each holds all blocks that those it is linked to
   * hold by then. A server that ends meanwhile is not waited for, nor for its blocks. Rejects with `SynodError`
   * `unavailable` if either takes longer than `withinMs`.
   */
  async settle(servers: readonly NodeId[], withinMs = patienceMs): Promise<void> {
    const linked = (server: NodeId) => this.linksOf(server).join();
    await this.board.until(
      servers,
      ({ status }, server) => status.connected.join() === linked(server),
      'link up',
      withinMs,
    );
    const heightOf = (server: NodeId) => this.board.get(server)?.status.height ?? 0;
    const goals = new Map(servers.map((server) => [server, Math.max(0, ...this.linksOf(server).map(heightOf))]));
    const hasAllOf = (height: number, peer: NodeId, goal: number) => height >= Math.min(goal, heightOf(peer));
    await this.board.until(
      servers,
      ({ status }, server) => this.linksOf(server).every((peer) => hasAllOf(status.height, peer, goals.get(server)!)),
      'catch up',
      withinMs,
    );
  }

  /** Waits until these servers have committed the block of this height. */
  async reached(height: number, servers: readonly NodeId[]): Promise<void> {
    await this.board.until(servers, ({ status }) => status.height >= height, `reach block ${height}`, patienceMs);
  }

  /** The reports of a server as they change, wherever it is by now. */
  protected reportsOf(server: NodeId, signal: AbortSignal): AsyncIterable<ServerReport> {
    return this.ledger.watchStatus(server, signal);
  }

  /** Takes the links that servers were found with for those they are meant to have. */
  protected foundLinks(server: NodeId, peers: readonly NodeId[]): void {
    this.#links.set(server, peers);
  }

  /** Tells those of these servers that run which links they may have. */
  protected async tellLinks(servers: readonly NodeId[], allowed: (server: NodeId) => readonly NodeId[]): Promise<void> {
    await Promise.all(this.running(servers).map((server) => this.admin(server).setLinks(allowed(server))));
  }
}

function sameNames(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
