import type { RegisterCommand, RegisterResult } from '@synod/register';
import type { ReportSource } from '../node/report-source.js';
import type { RegisterLayout } from './register-layout.js';
import type { RegisterReport } from './register-report.js';

/** What the registers' gRPC service needs from a server. */
export interface RegisterBackend extends ReportSource<RegisterReport> {
  readonly layout: RegisterLayout;
  /** Asks the machine. `done` is called once, when what the answer rests on is durable; never synchronously. */
  invoke(command: RegisterCommand, done: (result: RegisterResult) => void): void;
  /** About the bytes of the value that this node holds: what a read takes before its answer is there. 0 if little. */
  sizeOf(key: string): number;
  /** Tells that this node holds a newer cell of the register, until the returned function is called. */
  onAdopted(key: string, listener: () => void): () => void;
}
