import type { NodeId, PerformanceReport, ServerEvent, TracedMessage } from '@synod/kernel';

/** What the node service needs from a server, whatever it serves. */
export interface NodeBackend {
  /** Who this is, and who the others are. */
  readonly description: NodeDescription;
  performance(options: PerformanceOptions): PerformanceReport;
  /** Tells of every event until the returned function is called. Listeners do not throw. */
  onEvent(listener: (event: ServerEvent) => void): () => void;
  /** Tells of every message to and from peers until the returned function is called. Listeners do not throw. */
  onMessage(listener: (message: TracedMessage) => void): () => void;
  /** The last events that are still kept, oldest first, at most `count`. */
  events(count: number): readonly ServerEvent[];
}

export interface NodeDescription {
  /** The cluster's id. */
  readonly cluster: string;
  readonly server: NodeId;
  /** All servers of the cluster, in natural order. */
  readonly servers: readonly ServerAddress[];
  /** What it serves, by full name: `synod.ledger.v1.LedgerService` and so on. */
  readonly services: readonly string[];
  /** The identity of its disk, 16 hexadecimal digits; empty where disks have none. */
  readonly disk: string;
  /** Started as a replacement, it waits to be accepted. */
  readonly waits: boolean;
  /** Which replacement of the server gave it its place, as its peers count them; 0 for its first disk. */
  readonly since: number;
}

export interface ServerAddress {
  readonly id: NodeId;
  /** `host:port` */
  readonly address: string;
}

export interface PerformanceOptions {
  /** How many of the last requests to list one by one, at most. */
  readonly recent: number;
}
