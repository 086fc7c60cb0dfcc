/**
 * To test clients of the ledger without a cluster: a bank in memory, served over gRPC.
 *
 * @packageDocumentation
 */
export * from './bank.js';
export * from './serve-bank.js';
