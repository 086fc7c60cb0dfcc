import { connect, type SynodClient } from '@synod/client';
import type { NodeId } from '@synod/kernel';
import type { Cell } from '@synod/register';
import type { AdminConnection, RegisterLayout, RegisterReport, ServerConnection } from '@synod/transport/client';
import { StatusBoard } from './status-board.js';

/** What is to be known of registers before their servers are reached. */
export interface KnownRegisters {
  /** The cluster's id. */
  readonly id: string;
  readonly layout: RegisterLayout;
}

/** Registers and tokens on their servers, whoever started them: what they report, their links, and what they hold. */
export abstract class RegisterCluster {
  readonly layout: RegisterLayout;
  /** In natural order. */
  readonly servers: readonly NodeId[];
  readonly board: StatusBoard<RegisterReport>;
  readonly client: SynodClient;
  /** Who each server may be linked to. */
  readonly #links = new Map<NodeId, readonly NodeId[]>();

  constructor({ id, layout }: KnownRegisters) {
    this.layout = layout;
    this.servers = layout.nodes.map((node) => node.id);
    this.client = connect({ servers: layout.nodes, cluster: id });
    this.board = new StatusBoard((server, signal) => this.reportsOf(server, signal));
    for (const server of this.servers) this.#links.set(server, this.servers);
  }

  abstract isRunning(server: NodeId): boolean;

  /** All services of a server. Throws `SynodError` `unavailable` if it can not be reached at all. */
  abstract connection(server: NodeId): ServerConnection;

  /** What a server that does not run holds, by key; undefined where its data is out of reach. */
  readonly offlineCells?: (server: NodeId, keys: readonly string[]) => Promise<ReadonlyMap<string, Cell | undefined>>;

  /** The servers that are known to refuse faults. */
  get refusesFaults(): ReadonlySet<NodeId> {
    return new Set();
  }

  admin(server: NodeId): AdminConnection {
    return this.connection(server).admin;
  }

  /** Those of `servers` that run, in natural order. */
  running(servers: readonly NodeId[] = this.servers): NodeId[] {
    return servers.filter((server) => this.isRunning(server));
  }

  isLinked(server: NodeId): boolean {
    return this.allowedLinks(server).length > 0;
  }

  /** The servers that a server may be linked to, running or not. */
  allowedLinks(server: NodeId): readonly NodeId[] {
    return this.#links.get(server) ?? [];
  }

  /** Keeps a running server's links to these peers alone, itself among them or not, also when it is started again. */
  async setLinks(server: NodeId, peers: readonly NodeId[]): Promise<void> {
    this.#links.set(server, peers);
    await this.admin(server).setLinks(peers);
  }

  /** Cuts all links of a running server: clients still reach it. */
  isolate(server: NodeId): Promise<void> {
    return this.setLinks(server, []);
  }

  /** The server may be linked to all others again. */
  rejoin(server: NodeId): Promise<void> {
    return this.setLinks(server, this.servers);
  }

  /** From now on the server says nothing to anybody, but for how it is. */
  silence(server: NodeId): Promise<void> {
    return this.admin(server).silence({ phase: undefined, afterMs: 0 });
  }

  /** Lifts all silences of the server. */
  unsilence(server: NodeId): Promise<void> {
    return this.admin(server).unsilence({});
  }

  /** The reports of a server as they change. */
  protected reportsOf(server: NodeId, signal: AbortSignal): AsyncIterable<RegisterReport> {
    return this.connection(server).registers.watchStatus({ signal });
  }

  /** Takes the links that a server was found with for those it is meant to have. */
  protected foundLinks(server: NodeId, peers: readonly NodeId[]): void {
    this.#links.set(server, peers);
  }
}
