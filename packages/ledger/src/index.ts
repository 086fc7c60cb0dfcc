/**
 * A replicated bank ledger: each home executes its accounts' transfers locally while the money suffices; only on
 * shortage Paxos gathers every server's local log into one block that all append.
 *
 * @packageDocumentation
 */
export type { Account } from './accounts.js';
export { maxAmount, maxIdLength } from './checks.js';
export { LedgerAudit, type Holdings } from './ledger-audit.js';
export { ledgerMachine } from './machine.js';
export type { LedgerOptions } from './options.js';
export * from './protocol.js';
export { ledgerRecordCodec, type LedgerRecord, type OutcomeRecord, type PendingRecord } from './records.js';
export * from './transfer.js';
