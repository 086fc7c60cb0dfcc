export * from '../admin/admin-connection.js';
export type { Failpoint, FailpointState, LinkFaults } from '../admin/admin-backend.js';
export * from '../ledger/ledger-connection.js';
