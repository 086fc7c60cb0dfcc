import type { NodeId } from '@synod/kernel';
import type { CallOptions, ConnectionOptions } from '../ledger/ledger-connection.js';
import type { Failpoint, FailpointState, LinkFaults } from './admin-backend.js';

/** The admin calls of one server. Every method rejects with `SynodError`; `refused` where faults are not allowed. */
export declare class AdminConnection {
  readonly address: string;
  constructor(address: string, options?: ConnectionOptions);
  setLinks(peers: readonly NodeId[] | undefined, options?: CallOptions): Promise<void>;
  connect(peers: readonly NodeId[], options?: CallOptions): Promise<void>;
  disconnect(peers: readonly NodeId[], options?: CallOptions): Promise<void>;
  setFaults(faults: LinkFaults, options?: CallOptions): Promise<void>;
  setFailpoint(failpoint: Failpoint, options?: CallOptions): Promise<void>;
  failpoints(options?: CallOptions): Promise<FailpointState[]>;
  shutdown(options?: CallOptions): Promise<void>;
  close(): void;
}
