export type {
  AdminBackend,
  Failpoint,
  FailpointState,
  LinkFaults,
  Replaced,
  Replacement,
  SilenceOrder,
  SilenceSubject,
} from '../admin/admin-backend.js';
export * from '../admin/admin-service.js';
export * from '../host/grpc-host.js';
export type { GrpcService } from '../host/grpc-service.js';
export { defaultLimits, type GrpcLimits } from '../host/limits.js';
export type { LedgerBackend } from '../ledger/ledger-backend.js';
export * from '../ledger/ledger-service.js';
export * from '../codec/message-codec.js';
export * from '../codec/paxos-message-codec.js';
export * from '../codec/register-message-codec.js';
export type { DiskIdentity, LinkIdentity } from '../peer/handshake.js';
export * from '../peer/link-event.js';
export * from '../peer/link-limits.js';
export * from '../node/node-backend.js';
export * from '../node/node-service.js';
export * from '../node/report-source.js';
export * from '../peer/peer-links.js';
export type { RegisterBackend } from '../register/register-backend.js';
export type { RegisterLayout, TokenLayout } from '../register/register-layout.js';
export type { OperationFigures, PeerReport, RegisterReport, SilenceReport } from '../register/register-report.js';
export * from '../register/cell-sizes.js';
export * from '../register/register-service.js';
export { Backlog } from '../session/backlog.js';
export * from '../silence/audible-part.js';
export * from '../silence/silences.js';
export { wholeServer, type Muting, type Topic } from '../silence/topic.js';
export type * from '../token/token-backend.js';
export * from '../token/token-service.js';
