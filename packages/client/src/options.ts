import type { NodeId } from '@synod/kernel';
import type { AccountId, Durability, ShortPolicy } from '@synod/ledger';

/** How to reach one server. Without an id the client asks the server for it. */
export interface ServerAddress {
  readonly id?: NodeId;
  /** `host:port` */
  readonly address: string;
}

export interface ConnectOptions {
  /** All servers of the cluster, or as many as are known. */
  readonly servers: readonly (string | ServerAddress)[];
  /** Cluster id; servers of another cluster refuse. */
  readonly cluster?: string;
  /** Deadline of calls that name none, milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
}

export interface CallOptions {
  /** Milliseconds. Default: the client's. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A transfer to make. */
export interface TransferRequest {
  /**
   * 1 to 128 characters; the transfer is executed at most once under it. Default: a random UUID. Choose it yourself to
   * be able to ask again after this process is gone.
   */
  readonly id?: string;
  readonly from: AccountId;
  readonly to: AccountId;
  /** 1 to 2^64-1. */
  readonly amount: bigint;
}

export interface TransferOptions extends CallOptions {
  /** What becomes of it when the balance stays short. Default `queue`. */
  readonly short?: ShortPolicy;
  /** When it is answered: durable on its home, or on a majority in a block. Default `local`. */
  readonly durability?: Durability;
  /** Servers that a round must gather from. Default: a majority, and whoever else answers within 500 ms. */
  readonly gather?: readonly NodeId[];
}
