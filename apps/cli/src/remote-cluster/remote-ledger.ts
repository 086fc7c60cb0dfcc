import { connect } from '@synod/client';
import { SynodError, type NodeId } from '@synod/kernel';
import type { AdminConnection } from '@synod/transport/client';
import { LedgerCluster, type InitialBalance, type KnownLedger } from '../cluster/ledger-cluster.js';
import type { FoundCluster } from './find-clusters.js';
import { followAll, RemoteServers } from './remote-servers.js';

/** A ledger whose servers were started elsewhere: those run that answer. */
export class RemoteLedger extends LedgerCluster {
  readonly #remote: RemoteServers;

  /** Rejects with `SynodError` if no server tells of its accounts. */
  static async open({ id, servers }: FoundCluster): Promise<RemoteLedger> {
    const remote = new RemoteLedger({ id, servers, homes: await homesAt(id, servers) });
    await followAll(remote.board, remote.servers);
    remote.#findLinks();
    return remote;
  }

  private constructor(known: KnownLedger) {
    super(known);
    this.#remote = new RemoteServers(this.client);
  }

  override isRunning(server: NodeId): boolean {
    return this.board.isAnswering(server);
  }

  override admin(server: NodeId): AdminConnection {
    return this.#remote.connection(server).admin;
  }

  /** What the blocks of a server moved is taken back from what it holds as committed. */
  override async initialBalances(): Promise<readonly InitialBalance[]> {
    const heightOf = (server: NodeId) => this.board.get(server)?.status.height ?? 0;
    const [tallest] = this.running().sort((a, b) => heightOf(b) - heightOf(a));
    if (tallest === undefined) throw new SynodError('unavailable', 'no server answers');
    const { balances, height } = await this.ledger.balanceMap(tallest);
    const initial = new Map(balances.map(({ account, committed }) => [account, committed]));
    const add = (account: string, amount: bigint) => initial.set(account, (initial.get(account) ?? 0n) + amount);
    if (height > 0) {
      for await (const { entries } of this.ledger.blocks(tallest, { limit: height })) {
        for (const { value } of entries) {
          add(value.from, value.amount);
          add(value.to, -value.amount);
        }
      }
    }
    return [...this.homes.keys()].map((id) => ({ id, initial: initial.get(id) ?? 0n }));
  }

  close(): void {
    this.board.close();
    this.client.close();
    this.#remote.close();
  }

  /** Somebody may have cut links before: what answers and is not linked is not meant to be. */
  #findLinks(): void {
    for (const server of this.running()) {
      const connected = this.board.get(server)?.status.connected ?? [];
      const mayBeLinked = (peer: NodeId) => peer === server || connected.includes(peer) || !this.isRunning(peer);
      this.foundLinks(server, connected.length > 0 ? this.servers.filter(mayBeLinked) : []);
    }
  }
}

async function homesAt(cluster: string, servers: FoundCluster['servers']): Promise<ReadonlyMap<string, NodeId>> {
  const client = connect({ servers, cluster });
  try {
    const { balances } = await client.ledger.balanceMap();
    return new Map(balances.map(({ account, home }) => [account, home]));
  } finally {
    client.close();
  }
}
