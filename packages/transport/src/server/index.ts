export * from '../admin/admin-backend.js';
export * from '../admin/admin-service.js';
export * from '../host/grpc-host.js';
export * from '../host/grpc-service.js';
export * from '../host/limits.js';
export * from '../ledger/ledger-backend.js';
export * from '../ledger/ledger-service.js';
