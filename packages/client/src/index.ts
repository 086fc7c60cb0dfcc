/**
 * What applications import to talk to a Synod cluster.
 *
 * @packageDocumentation
 */
export { SynodError, type ErrorCode, type PerformanceReport, type ServerEvent } from '@synod/kernel';
export type {
  AccountBalance,
  BalanceMap,
  LedgerBlock,
  LedgerStatus,
  LocalLog,
  ServerReport,
  Transfer,
  TransferOutcome,
} from '@synod/ledger';
export type { TransferResult, WatchedEvent } from '@synod/transport/client';
export * from './connect.js';
export type { LedgerClient } from './ledger-client.js';
export * from './options.js';
export * from './to-json.js';
