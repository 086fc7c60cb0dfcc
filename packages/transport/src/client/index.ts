export type { Failpoint, FailpointState, LinkFaults } from '../admin/admin-backend.js';
export { AdminConnection } from '../admin/admin-connection.js';
export type { CallOptions, ConnectionOptions } from '../connection/call-options.js';
export { LedgerConnection, type LedgerSession } from '../ledger/ledger-connection.js';
export type { TransferResult } from '../ledger/transfer-wire.js';
export type { NodeDescription, ServerAddress } from '../node/node-backend.js';
export { NodeConnection, type WatchedEvent } from '../node/node-connection.js';
export type { Session, SessionOptions, Submission } from '../session/session-stream.js';
export * from './server-connection.js';
