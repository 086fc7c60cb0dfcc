import type { LedgerClient } from '@synod/client';
import { SynodError, type NodeId } from '@synod/kernel';
import type { AdminConnection } from '@synod/transport/client';
import { LedgerCluster, type InitialBalance } from '../cluster/ledger-cluster.js';

/** A ledger of S1 to S3, each the home of an account of its name, on servers that are not there. */
export class StandInLedger extends LedgerCluster {
  readonly down = new Set<NodeId>();
  /** What its client answers. */
  answers: Partial<LedgerClient> = {};
  /** Settles when links are changed. */
  linking: Promise<void> = Promise.resolve();

  constructor() {
    const ids = ['S1', 'S2', 'S3'];
    super({
      id: 'stand-in',
      servers: ids.map((id) => ({ id, address: '127.0.0.1:1' })),
      homes: new Map(ids.map((id) => [id, id])),
    });
  }

  override isRunning(server: NodeId): boolean {
    return !this.down.has(server);
  }

  override admin(server: NodeId): AdminConnection {
    throw new SynodError('unavailable', `${server} is not there`);
  }

  override async initialBalances(): Promise<readonly InitialBalance[]> {
    return this.servers.map((id) => ({ id, initial: 100n }));
  }

  override get ledger(): LedgerClient {
    return this.answers as LedgerClient;
  }

  override async setLinks(allowed: (server: NodeId) => readonly NodeId[]): Promise<void> {
    await this.linking;
    for (const server of this.servers) this.foundLinks(server, allowed(server));
  }
}
