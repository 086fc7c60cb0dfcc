/**
 * One server of the replicated bank ledger, to run inside a program; the command `synod-paxos-server` is the same.
 *
 * @packageDocumentation
 */
export { DataDirectoryError, exitCodeOf, exitCodes } from './exit-codes.js';
export { failpointNames } from './failpoints.js';
export type { LogLevel } from './log.js';
export type { PaxosServerOptions } from './options.js';
export type { PaxosServer } from './paxos-server.js';
export { startPaxosServer } from './start.js';
