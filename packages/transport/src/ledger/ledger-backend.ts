import type { LedgerCommand, LedgerResult, ServerReport } from '@synod/ledger';
import type { ReportSource } from '../node/report-source.js';

/** What the ledger's gRPC service needs from a server: the operations of the machine, and its report. */
export interface LedgerBackend extends ReportSource<ServerReport> {
  /** Asks the machine. `done` is called once, when what the answer rests on is durable; never synchronously. */
  invoke(command: LedgerCommand, done: (result: LedgerResult) => void): void;
}
