import { SynodError, type NodeId } from '@synod/kernel';
import type { RegisterLayout, ServerConnection } from '@synod/transport/client';
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
    const remote = new RemoteServers(servers);
    try {
      const layout = await layoutAt(servers.map((server) => remote.connection(server.id)));
      const registers = new RemoteRegisters({ id, layout: { ...layout, nodes: servers } }, remote);
      await followAll(registers.board, registers.servers);
      registers.#findLinks();
      await Promise.all(registers.running().map((server) => registers.#learnFaults(server)));
      return registers;
    } catch (error) {
      remote.close();
      throw error;
    }
  }

  private constructor(known: KnownRegisters, remote: RemoteServers) {
    super(known);
    this.#remote = remote;
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

async function layoutAt(connections: readonly ServerConnection[]): Promise<RegisterLayout> {
  try {
    return await Promise.any(connections.map(({ registers }) => registers.layout({ timeoutMs: patienceMs })));
  } catch (error) {
    throw (error as AggregateError).errors[0];
  }
}
