import type { NodeId } from '@synod/kernel';
import type { RegisterLayout } from '@synod/client';
import { emptyChain, type Chain } from './chain.js';
import type { CommandRun } from './command-runs.js';
import { emptyEventLog, type EventLog } from './event-log.js';
import type { Round } from './rounds.js';
import type { ServerModel } from './server-model.js';
import type { Plan, SetModel } from './sets.js';
import { emptyTrace, type Trace } from './trace.js';

/** All that the terminal knows of a cluster. It never changes: each input makes a new one that shares what is the same. */
export interface Model {
  /** Unix time of the last input, milliseconds: the views have no other clock. */
  readonly nowMs: number;
  /** The cluster's id; empty until it is known. */
  readonly cluster: string;
  /** In natural order. */
  readonly servers: readonly ServerModel[];
  readonly chain: Chain;
  readonly eventLog: EventLog;
  readonly trace: Trace;
  readonly rounds: readonly Round[];
  readonly layout: RegisterLayout | undefined;
  /** Undefined: there is no transaction file. */
  readonly plan: Plan | undefined;
  /** The set that is played or was played last. */
  readonly set: SetModel | undefined;
  readonly runs: readonly CommandRun[];
}

export const emptyModel: Model = {
  nowMs: 0,
  cluster: '',
  servers: [],
  chain: emptyChain,
  eventLog: emptyEventLog,
  trace: emptyTrace,
  rounds: [],
  layout: undefined,
  plan: undefined,
  set: undefined,
  runs: [],
};

export function serverOf({ servers }: Model, id: NodeId | undefined): ServerModel | undefined {
  return servers.find((server) => server.id === id);
}

/** The height of the longest chain that any server reports, or of which blocks are known. */
export function topHeight({ servers, chain }: Model): number {
  return servers.reduce((top, { ledger }) => Math.max(top, ledger?.status.height ?? 0), chain.blocks.length);
}

export function servesLedger({ servers }: Model): boolean {
  return servers.some(({ ledger }) => ledger !== undefined);
}

export function servesRegisters({ servers, layout }: Model): boolean {
  return layout !== undefined || servers.some(({ registers }) => registers !== undefined);
}
