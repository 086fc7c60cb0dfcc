export type {
  Failpoint,
  FailpointState,
  LinkFaults,
  Replaced,
  Replacement,
  SilenceOrder,
  SilenceSubject,
} from '../admin/admin-backend.js';
export { AdminConnection } from '../admin/admin-connection.js';
export type { CallOptions, ConnectionOptions } from '../connection/call-options.js';
export { LedgerConnection, type LedgerSession } from '../ledger/ledger-connection.js';
export type { TransferResult } from '../ledger/transfer-wire.js';
export type { NodeDescription, ServerAddress } from '../node/node-backend.js';
export { NodeConnection, type WatchedEvent, type WatchedMessage } from '../node/node-connection.js';
export type { KeyOperation, OperationOutcome, RegisterOperation } from '../register/operation.js';
export { checkKey, maxConsultKeys } from '../register/register-checks.js';
export { RegisterConnection, type RegisterSession, type RegisterValue } from '../register/register-connection.js';
export type { RegisterLayout, TokenLayout } from '../register/register-layout.js';
export type { OperationFigures, PeerReport, RegisterReport, SilenceReport } from '../register/register-report.js';
export type { TokenOperation, TokenOutcome } from '../token/operation.js';
export type { TokenChanged, TokenRead, TokenWrite, TokenWritten } from '../token/token-backend.js';
export { TokenConnection, type TokenSession } from '../token/token-connection.js';
export type { Session, SessionOptions, Submission } from '../session/session-stream.js';
export * from './server-connection.js';
