import type { NodeId } from './machine.js';

/**
 * What a node tells about itself beside its protocol: plain data that metrics produce, transports carry and
 * interfaces show.
 */

/** Figures of one RPC method. Times in milliseconds; all 0 when `count` is 0. */
export interface MethodFigures {
  /** `synod.ledger.v1.Ledger/Transfer` */
  readonly method: string;
  readonly count: number;
  readonly failed: number;
  readonly totalMs: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** One decided request, for "the last n one by one". */
export interface RequestTiming {
  readonly id: string;
  /** `local`, `consensus`, `pending`, `rejected`, … */
  readonly status: string;
  readonly ms: number;
}

/** Figures of all decided requests of one kind (transfers, for the ledger). */
export interface RequestFigures {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Over the last ten seconds. */
  readonly perSecond: number;
  /** Oldest first; bounded. */
  readonly recent: readonly RequestTiming[];
}

export interface PerformanceReport {
  readonly server: NodeId;
  /** By method name. */
  readonly methods: readonly MethodFigures[];
  readonly requests: RequestFigures;
  /** Durable writes: how long one group took. */
  readonly writes: { readonly count: number; readonly p50Ms: number; readonly p99Ms: number };
  /** How late the event loop ran a timer, 99th percentile of the last ten seconds, milliseconds. */
  readonly loopDelayMs: number;
}

export type EventLevel = 'debug' | 'info' | 'warn' | 'error';

/** One thing that happened on a server, for logs and event streams. */
export interface ServerEvent {
  /** From 1, per life of the server, without gaps. */
  readonly sequence: number;
  /** Unix time in milliseconds. For people; no protocol reads it. */
  readonly timeMs: number;
  readonly server: NodeId;
  readonly level: EventLevel;
  /** `block-committed`, `transfer-decided`, `link-up`, … */
  readonly kind: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** One message between nodes, as one of them saw it. The other one may never see it. */
export interface TracedMessage {
  /** Unix time in microseconds. For people; no protocol reads it. */
  readonly timeUs: number;
  /** It was sent; otherwise it was received. */
  readonly sent: boolean;
  readonly from: NodeId;
  readonly to: NodeId;
  /** `prepare`, `promise`, `read`, `ack`, … */
  readonly type: string;
  /** What it is about: the same text where it is sent and where it is received. */
  readonly subject: string;
}

/** Sees every finished call of a service. */
export interface CallObserver {
  called(method: string, ms: number, ok: boolean): void;
}
