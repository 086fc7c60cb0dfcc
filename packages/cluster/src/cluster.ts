import type { NodeId } from '@synod/kernel';

/** Everything the servers of one cluster are configured with. Plain data. */
export interface Cluster {
  readonly id: string;
  /** In natural order of their ids. */
  readonly servers: readonly ClusterServer[];
  readonly ledger: LedgerConfig;
  /** As written; empty if none are configured. */
  readonly registers: readonly RegisterConfig[];
  /** Path of a token replication scheme, as written. */
  readonly tokens: string | undefined;
}

export interface ClusterServer {
  readonly id: NodeId;
  /** `host:port` of clients and peers. */
  readonly address: string;
  /** `host:port` of health and metrics. */
  readonly admin: string | undefined;
}

export interface LedgerConfig {
  /** The initial balance of accounts that name none. */
  readonly initial: bigint;
  /** In natural order of their ids. */
  readonly accounts: readonly AccountConfig[];
  /** What stands before the first block: see `genesis`. */
  readonly genesis: string;
}

export interface AccountConfig {
  readonly id: string;
  /** The server that executes its outgoing transfers. */
  readonly home: NodeId;
  readonly initial: bigint;
}

export interface RegisterConfig {
  /** A key, or a prefix followed by `*`. */
  readonly key: string;
  /** The one server that writes, or `any` (which names no server). */
  readonly writer: NodeId;
  /** In natural order, without duplicates. */
  readonly readers: readonly NodeId[];
}
