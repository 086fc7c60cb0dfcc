import type { Verification } from '../subject.js';
import type { WorkerProcess } from '../worker/worker-process.js';

/** A process whose time and memory are reported. */
export interface BenchProcess {
  readonly name: string;
  /** `both`: it asks, and is one of those that answer. */
  readonly role: 'client' | 'server' | 'both';
  readonly pid: number;
}

/** Everything that runs for one benchmark. */
export interface Stage {
  readonly processes: readonly BenchProcess[];
  /** Those that are put under load. */
  readonly drivers: readonly WorkerProcess[];
  /** Rejects with `SynodError` when a server ended that nobody has ended. */
  readonly failed: Promise<never>;
  /** Counts that only grow, of all servers together. */
  counters(): Promise<Readonly<Record<string, number>>>;
  /** Once nothing is under way. */
  verify(): Promise<Verification>;
  close(): Promise<void>;
}

/** Where only those under load count. */
export const noCounters = async () => ({});

/** Nothing of it can end unnoticed: what is under way there fails. */
export const neverFails = new Promise<never>(() => {});
