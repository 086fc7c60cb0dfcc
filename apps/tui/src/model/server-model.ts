import type { NodeId, PerformanceReport } from '@synod/kernel';
import type { BalanceMap, LocalLog, ServerReport } from '@synod/ledger';
import type { RegisterReport } from '@synod/client';
import type { NodeCell } from './node-cell.js';
import { noRates, type Rates } from './rates.js';

/** How a server can be reached, as whoever asks it knows. */
export type Reach =
  /** Not asked yet. */
  | 'unknown'
  | 'answers'
  /** Its process runs, as far as anybody knows, but nothing comes back. */
  | 'silent'
  /** Its address takes no connection. */
  | 'unreachable'
  /** Its process has ended, as whoever runs it knows. */
  | 'down';

/** All that is known of one server. What it reported stays when it goes down: it is marked as old by its state. */
export interface ServerModel {
  readonly id: NodeId;
  /** `host:port` */
  readonly address: string;
  readonly reach: Reach;
  /** Why it is down or silent, for people; empty otherwise. */
  readonly reason: string;
  readonly ledger: ServerReport | undefined;
  readonly registers: RegisterReport | undefined;
  readonly performance: PerformanceReport | undefined;
  readonly balances: BalanceMap | undefined;
  readonly log: LocalLog | undefined;
  /** What this server itself holds, by key. */
  readonly cells: ReadonlyMap<string, NodeCell> | undefined;
  /** Transfers and operations per second. */
  readonly rates: Rates;
}

export type ServerState = 'starting' | 'up' | 'catching up' | 'disconnected' | 'silent' | 'down';

export function newServer(id: NodeId, address: string): ServerModel {
  return {
    id,
    address,
    reach: 'unknown',
    reason: '',
    ledger: undefined,
    registers: undefined,
    performance: undefined,
    balances: undefined,
    log: undefined,
    cells: undefined,
    rates: noRates,
  };
}

/** One word for how a server stands; the first that applies of what an operator must know. */
export function stateOf(server: ServerModel): ServerState {
  const { reach, ledger, registers } = server;
  if (reach === 'unknown') return 'starting';
  if (reach === 'unreachable') return 'down';
  if (reach !== 'answers') return reach;
  if (registers?.silences.some(({ key, phase, active }) => active && key === undefined && phase === undefined)) {
    return 'silent';
  }
  if (isAlone(server)) return 'disconnected';
  if (ledger?.status.catchingUp || registers?.recovering) return 'catching up';
  if (ledger?.status.ready === false || registers?.ready === false) return 'starting';
  return 'up';
}

/** It answers clients, but has no link to any peer that it should have one to. */
function isAlone({ ledger, registers, id }: ServerModel): boolean {
  if (ledger && ledger.status.connected.some((peer) => peer !== id)) return false;
  if (registers && (registers.peers.length === 0 || registers.peers.some(({ linked }) => linked))) return false;
  return ledger !== undefined || registers !== undefined;
}

/** Money of the accounts that a server is home of: what is committed, and what can be spent. */
export function fundsOf({ ledger }: ServerModel): { readonly settled: bigint; readonly spendable: bigint } {
  let settled = 0n;
  let spendable = 0n;
  for (const account of ledger?.own ?? []) {
    settled += account.committed;
    spendable += account.spendable;
  }
  return { settled, spendable };
}
