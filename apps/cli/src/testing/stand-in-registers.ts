import { SynodError, type NodeId } from '@synod/kernel';
import type { ServerConnection } from '@synod/transport/client';
import { RegisterCluster } from '../cluster/register-cluster.js';

/** Token 101 on R1, which writes it, and R2, on servers that are not there. */
export class StandInRegisters extends RegisterCluster {
  readonly down = new Set<NodeId>();
  readonly refusing = new Set<NodeId>();

  constructor() {
    const replicas = ['R1', 'R2'];
    const nodes = replicas.map((id) => ({ id, address: '127.0.0.1:1' }));
    super({ id: 'stand-in', layout: { nodes, registers: [], tokens: [{ id: '101', writer: 'R1', replicas }] } });
  }

  override get refusesFaults(): ReadonlySet<NodeId> {
    return this.refusing;
  }

  override isRunning(server: NodeId): boolean {
    return !this.down.has(server);
  }

  override connection(server: NodeId): ServerConnection {
    throw new SynodError('unavailable', `${server} is not there`);
  }
}
