/**
 * To test clients without a cluster: a bank in memory, registers without disks, both served over gRPC.
 *
 * @packageDocumentation
 */
export * from './bank.js';
export * from './register-stand.js';
export * from './serve-bank.js';
