import type { NodeId, PerformanceReport } from '@synod/kernel';

/** What a node that holds registers reports continuously. */
export interface RegisterReport {
  readonly node: NodeId;
  /** It takes part in all it should: its disk is known to its peers, and nothing is to be copied. */
  readonly ready: boolean;
  /** It lost its disk, answers nothing, and copies its registers from all its peers. */
  readonly recovering: boolean;
  /** Cells it holds, tombstones included. */
  readonly cells: number;
  /** Keys with operations that run or wait here. */
  readonly active: number;
  /** The nodes that share a register with it, in natural order. */
  readonly peers: readonly PeerReport[];
  /** What it is silent about. */
  readonly silences: readonly SilenceReport[];
  readonly performance: OperationFigures;
}

export interface PeerReport {
  readonly node: NodeId;
  readonly linked: boolean;
  /** The peer knows this node's disk, durably. */
  readonly knowsThis: boolean;
}

export interface SilenceReport {
  /** The register; undefined: everything. */
  readonly key: string | undefined;
  /** Undefined: in both phases, and in what belongs to neither. */
  readonly phase: 'read' | 'write' | undefined;
  /** It is silent now; otherwise it will be. */
  readonly active: boolean;
}

/** Times in milliseconds. */
export interface OperationFigures {
  /** Over the last ten seconds. */
  readonly operationsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly writes: PerformanceReport['writes'];
  readonly loopDelayMs: number;
}
