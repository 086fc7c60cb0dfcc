/** Every call: how long to wait, and how to give up. */
export interface CallOptions {
  /** Milliseconds; default 10,000 for calls, none for streams. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface ConnectionOptions {
  /** Cluster id; a server of another cluster refuses. */
  readonly cluster?: string;
  /** A connection with a call that gives no sign of life for so long is given up, milliseconds. Default 15,000. */
  readonly lifeSignMs?: number;
  /** Told whenever the server can not be connected to for a call. */
  readonly unreachable?: () => void;
}

/** Deadline of calls that name none. */
export const defaultTimeoutMs = 10_000;
