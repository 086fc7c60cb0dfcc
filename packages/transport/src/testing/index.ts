export { grpcMessage, RawStreams } from './raw-streams.js';
/**
 * To test clients without a cluster: a bank in memory, registers without disks, both served over gRPC, and a relay that
 * stands still.
 *
 * @packageDocumentation
 */
export * from './bank.js';
export * from './cleanup.js';
export * from './register-stand.js';
export * from './relay.js';
export * from './serve-bank.js';
