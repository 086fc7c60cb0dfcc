export type { Failpoint, FailpointState, LinkFaults } from '../admin/admin-backend.js';
export { AdminConnection } from '../admin/admin-connection.js';
export type { CallOptions, ConnectionOptions } from '../connection/call-options.js';
export { LedgerConnection, type WatchedEvent } from '../ledger/ledger-connection.js';
export type { LedgerSession, SessionOptions, Submission } from '../ledger/ledger-session.js';
export type { TransferResult } from '../ledger/transfer-wire.js';
