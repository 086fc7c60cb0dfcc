import type { CallObserver } from '@synod/kernel';
import type { GrpcService } from '../host/grpc-service.js';
import type { LedgerBackend } from './ledger-backend.js';

export interface LedgerServiceOptions {
  /** Transfers in flight above which new ones are refused with `resource_exhausted`. Default 200,000. */
  readonly maxTransfersInFlight?: number;
  /** Sees each transfer of a session as one call of `synod.ledger.v1.LedgerService/Session`. */
  readonly calls?: CallObserver;
}

/** `synod.ledger.v1.LedgerService` in front of a server. */
export declare function ledgerService(backend: LedgerBackend, options?: LedgerServiceOptions): GrpcService;
