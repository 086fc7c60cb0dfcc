import type { NodeId } from '@synod/kernel';
import type { Facts, PerformanceFacts } from './facts.js';

/** What can be asked of any server, whatever it serves. Every method rejects with `SynodError`. */
export interface ServerCommands {
  /** In natural order. */
  readonly servers: readonly NodeId[];
  /** The last `recent` requests one by one. */
  performance(server: NodeId, recent: number): Promise<PerformanceFacts>;
  crash(server: NodeId): Promise<Facts>;
  restart(server: NodeId): Promise<Facts>;
  disconnect(server: NodeId): Promise<Facts>;
  connect(server: NodeId): Promise<Facts>;
}
