import { connect } from '@synod/client';
import { SynodError, type NodeId } from '@synod/kernel';
import type { RegisterLayout, RegisterReport, ServerConnection } from '@synod/transport/client';
import { RegisterCluster, type KnownRegisters } from '../cluster/register-cluster.js';
import type { FoundCluster } from './find-clusters.js';
import { followAll, RemoteServers } from './remote-servers.js';

/** How long a server may take to tell something about itself. */
const patienceMs = 2000;

/** Registers whose servers were started elsewhere: those run that answer. */
export class RemoteRegisters extends RegisterCluster {
  readonly #remote: RemoteServers;
  readonly #refusing = new Set<NodeId>();

  /** Rejects with `SynodError` if no server tells of its layout. */
  static async open({ id, servers }: FoundCluster): Promise<RemoteRegisters> {
    const registers = new RemoteRegisters({ id, layout: { ...(await layoutAt(id, servers)), nodes: servers } });
    await followAll(registers.board, registers.servers);
    registers.#findLinks();
    await Promise.all(registers.running().map((server) => registers.#learnFaults(server)));
    return registers;
  }

  private constructor(known: KnownRegisters) {
    super(known);
    this.#remote = new RemoteServers(this.client);
  }

  override get refusesFaults(): ReadonlySet<NodeId> {
    return this.#refusing;
  }

  override isRunning(server: NodeId): boolean {
    return this.board.isAnswering(server);
  }

  override connection(server: NodeId): ServerConnection {
    return this.#remote.connection(server);
  }

  close(): void {
    this.board.close();
    this.client.close();
    this.#remote.close();
  }

  protected override reportsOf(server: NodeId, signal: AbortSignal): AsyncIterable<RegisterReport> {
    return this.client.registers.watchStatus(server, signal);
  }

  #findLinks(): void {
    for (const server of this.running()) {
      const peers = this.board.get(server)?.peers ?? [];
      const isCut = peers.some(({ node }) => this.isRunning(node)) && peers.every(({ linked }) => !linked);
      if (isCut) this.foundLinks(server, []);
    }
  }

  /** A server that allows faults tells of its failpoints; asking changes nothing. */
  async #learnFaults(server: NodeId): Promise<void> {
    try {
      await this.admin(server).failpoints({ timeoutMs: patienceMs });
    } catch (error) {
      if (!(error instanceof SynodError)) throw error;
      if (error.code === 'refused') this.#refusing.add(server);
    }
  }
}

async function layoutAt(cluster: string, servers: FoundCluster['servers']): Promise<RegisterLayout> {
  const client = connect({ servers, cluster });
  try {
    return await client.registers.layout(undefined, { timeoutMs: patienceMs });
  } finally {
    client.close();
  }
}
