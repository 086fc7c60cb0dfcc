import type { PerformanceReport, ServerEvent } from '@synod/kernel';
import type { LedgerCommand, LedgerResult, ServerReport } from '@synod/ledger';

/** What the ledger's gRPC service needs from a server: the operations of the machine, and what is told about it. */
export interface LedgerBackend {
  /** Asks the machine. `done` is called once, when what the answer rests on is durable; never synchronously. */
  invoke(command: LedgerCommand, done: (result: LedgerResult) => void): void;
  /** The current report. Asking for it must not itself count as a change. */
  report(): Promise<ServerReport>;
  performance(options: PerformanceOptions): PerformanceReport;
  /** Tells of every change of the report until the returned function is called. Listeners do not throw. */
  onChange(listener: (change: ReportChange) => void): () => void;
  /** Tells of every event until the returned function is called. Listeners do not throw. */
  onEvent(listener: (event: ServerEvent) => void): () => void;
  /** The last events that are still kept, oldest first, at most `count`. */
  events(count: number): readonly ServerEvent[];
}

/**
 * `state`: height, links, readiness, catching up or the round that is led; watchers hear of it at once.
 * `figures`: the rest, such as balances, lengths and rates; watchers hear of it at most every 100 ms.
 */
export type ReportChange = 'state' | 'figures';

export interface PerformanceOptions {
  /** How many of the last requests to list one by one, at most. */
  readonly recent: number;
}
