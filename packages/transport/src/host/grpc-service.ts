import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';

/** A service as a `GrpcHost` takes it: build it with `ledgerService`, `adminService` or from any generated code. */
export interface GrpcService {
  /** Full name, as in `synod.ledger.v1.LedgerService`. */
  readonly name: string;
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
  /** Methods whose requests the service counts itself, because one long stream carries many. */
  readonly countsItself?: readonly string[];
  /** Peers and operators: a flood of clients' calls does not keep its calls out. */
  readonly essential?: boolean;
  /** Ends the streams that would otherwise last for ever; called when the host closes. */
  close?(): void;
}
