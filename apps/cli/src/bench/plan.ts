import type { ReadSource } from '@synod/client';

/** What can be measured. */
export const benchSystems = ['register', 'ledger', 'paxos', 'storage', 'transport'] as const;
export type BenchSystem = (typeof benchSystems)[number];

/**
 * What the ledger is asked for. `covered`: transfers that money suffices for. `shortage`: amounts that often exceed what
 * is there, answered once their block is committed. `round`: each takes all that the one before brought, so that each needs
 * a round of consensus.
 */
export const ledgerLoads = ['covered', 'shortage', 'round'] as const;
export type LedgerLoad = (typeof ledgerLoads)[number];

/**
 * Who writes registers. `any`: every server any key, in two phases. `each`: every server its own keys, in one phase. `one`:
 * the first server all keys, in one phase.
 */
export const writerChoices = ['any', 'each', 'one'] as const;
export type WriterChoice = (typeof writerChoices)[number];

/** One run of `synod bench`. */
export interface BenchPlan {
  readonly system: BenchSystem;
  readonly servers: number;
  /** Servers that run already, `host:port`; undefined: new ones. */
  readonly connect: readonly string[] | undefined;
  /** Register replicas in one process, instead of servers. */
  readonly embedded: boolean;
  /** Operations under way at a time, of all client processes together. */
  readonly inFlight: number;
  readonly seconds: number;
  /** Not counted. */
  readonly warmUpSeconds: number;
  /** Client processes. */
  readonly clients: number;
  /** Arrivals a second, whatever was answered; undefined: an operation begins when one ends. */
  readonly rate: number | undefined;
  /** One call an operation, instead of a session. */
  readonly unary: boolean;
  /** Registers, stored keys, or accounts. */
  readonly keys: number;
  readonly readShare: number;
  /** Whom the client asks. */
  readonly readFrom: ReadSource;
  readonly valueBytes: number;
  readonly writer: WriterChoice;
  readonly load: LedgerLoad;
  readonly seed: number;
  /** Where the servers' data goes for the time of the run; undefined: the system's temporary folder. */
  readonly data: string | undefined;
}
