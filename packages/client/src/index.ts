/**
 * What applications import to talk to a Synod cluster.
 *
 * @packageDocumentation
 */
export {
  SynodError,
  type ErrorCode,
  type PerformanceReport,
  type ServerEvent,
  type TracedMessage,
} from '@synod/kernel';
export type {
  AccountBalance,
  BalanceMap,
  LedgerBlock,
  LedgerStatus,
  LocalLog,
  ServerReport,
  Transfer,
  TransferOutcome,
} from '@synod/ledger';
export type { Cell, KeyedCell, KeyPattern, Tag } from '@synod/register';
export { decodeToken, tokenIn, type Domain, type Hashed, type Token, type TokenValue } from '@synod/tokens/vocabulary';
export type {
  NodeDescription,
  OperationFigures,
  PeerReport,
  RegisterLayout,
  RegisterReport,
  RegisterValue,
  SilenceReport,
  TokenChanged,
  TokenLayout,
  TokenRead,
  TokenWritten,
  TransferResult,
  WatchedEvent,
  WatchedMessage,
} from '@synod/transport/client';
export * from './connect.js';
export type { LedgerClient } from './ledger-client.js';
export * from './options.js';
export type { RegisterHandle, RegistersClient, RegisterWrite, RegisterWritten } from './register-client.js';
export type { SynodClient } from './synod-client.js';
export type { TokenHandle, TokensClient } from './token-client.js';
export * from './to-json.js';
