import type { AccountBalance, BalanceMap, LedgerStatus, ServerReport } from '@synod/ledger';
import { hashLength, readBallot, readBallotOrNone } from '../codec/ledger-types.js';
import { hex, reject, required, unhex } from '../codec/wire-checks.js';
import type { BalanceMapResponse } from '../gen/synod/ledger/v1/ledger_service.js';
import * as wire from '../gen/synod/ledger/v1/reports.js';

/*
 * What servers tell about themselves. Types that look the same on both sides only need a check that they are there.
 * Readers throw `SynodError` `invalid_argument`.
 */

export function writeReport({ status, own, performance }: ServerReport): wire.ServerReport {
  return { ...performance, status: writeStatus(status), own: [...own] };
}

export function readReport(from: wire.ServerReport | undefined): ServerReport {
  const { status, own, writes, ...performance } = required(from, 'report');
  return {
    status: readStatus(status),
    own,
    performance: { ...performance, writes: required(writes, 'report.writes') },
  };
}

export function readBalance(from: wire.AccountBalance | undefined): AccountBalance {
  return required(from, 'balance');
}

export function writeBalanceMap({ server, height, balances }: BalanceMap): BalanceMapResponse {
  return { server, height, balances: [...balances] };
}

function writeStatus({ round, hash, connected, ...rest }: LedgerStatus): wire.LedgerStatus {
  return {
    ...rest,
    hash: unhex(hash, hashLength),
    round: round && { ballot: round.ballot, phase: wirePhase[round.phase] },
    connected: [...connected],
  };
}

function readStatus(from: wire.LedgerStatus | undefined): LedgerStatus {
  const status = required(from, 'status');
  return {
    ...status,
    hash: hex(status.hash, hashLength, 'status.hash'),
    promised: readBallotOrNone(status.promised, 'status.promised'),
    round: status.round && readRound(status.round),
  };
}

function readRound({ ballot, phase }: wire.Round): LedgerStatus['round'] {
  const known = phases.find((name) => wirePhase[name] === phase);
  return { ballot: readBallot(ballot, 'round.ballot'), phase: known ?? reject('round.phase', 'is unknown') };
}

const phases = ['prepare', 'accept'] as const;
const wirePhase = { prepare: wire.RoundPhase.PREPARE, accept: wire.RoundPhase.ACCEPT };
