import { GrpcHost, type GrpcHostOptions } from '../host/grpc-host.js';
import { ledgerService, type LedgerServiceOptions } from '../ledger/ledger-service.js';
import { nodeService } from '../node/node-service.js';
import type { Bank } from './bank.js';

/** Serves a bank on a free port of the loopback. It counts its own calls. */
export function serveBank(
  bank: Bank,
  { maxTransfersInFlight, ...options }: LedgerServiceOptions & Partial<GrpcHostOptions> = {},
): Promise<GrpcHost> {
  const services = [nodeService(bank), ledgerService(bank, { calls: bank, maxTransfersInFlight })];
  return GrpcHost.listen({ address: '127.0.0.1:0', services, calls: bank, ...options });
}
