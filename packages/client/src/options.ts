import type { NodeId } from '@synod/kernel';
import type { AccountId, Durability, ShortPolicy } from '@synod/ledger';

/** How to reach one server. Without an id the client asks the server for it. */
export interface ServerAddress {
  readonly id?: NodeId;
  /** `host:port` */
  readonly address: string;
}

/** Who is asked for the value of a register. `server`: one, which asks the others. `replicas`: a majority, by the client itself. */
export const readSources = ['server', 'replicas'] as const;
export type ReadSource = (typeof readSources)[number];

export interface ConnectOptions {
  /** Servers of the cluster: one is enough, more are better when some are down. They tell of the others. */
  readonly servers: readonly (string | ServerAddress)[];
  /** Cluster id; servers of another cluster refuse. */
  readonly cluster?: string;
  /** Deadline of calls that name none, milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /**
   * A read of a register or token that is not answered after this time is also sent to the next server that may,
   * milliseconds. Default 200; 0: never.
   */
  readonly hedgeMs?: number;
  /**
   * The server of which registers and tokens are asked where it may: the nearest, say. Default: each client chooses one at
   * random. Others are asked while it does not answer.
   */
  readonly prefer?: NodeId;
  /**
   * How registers are read. Default `server`. `replicas` takes half as long where nobody writes at that moment, and spares the
   * servers; it takes connections to a majority of them. Either way no read is older than what any earlier one returned.
   */
  readonly readFrom?: ReadSource;
  /**
   * A server that gives no sign of life for so long while a call or stream is open is taken to be gone: they end,
   * milliseconds. Default 15,000. Short times take a server that is busy for one that is gone.
   */
  readonly lifeSignMs?: number;
}

export interface CallOptions {
  /** Milliseconds. Default: the client's. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface ChangeOptions extends CallOptions {
  /**
   * Sends it again also after a try whose outcome is unknown. Default false. What was lost may have happened: a value
   * may then be written twice, the second time over what somebody else wrote in between; `create` may be told `exists`
   * because of its own first try, and `drop` `dropped`, or drop what somebody else created in between. An error then
   * stays indefinite.
   */
  readonly retryIndefinite?: boolean;
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
