import type { SynodClient } from '@synod/client';
import { SynodError, type NodeId } from '@synod/kernel';
import { ServerConnection } from '@synod/transport/client';
import type { StatusBoard } from '../cluster/status-board.js';

/** How long servers may take to show themselves before it is taken that they are down. */
const patienceMs = 2000;

/** Connections to servers that were started elsewhere, each to where the server is by now. */
export class RemoteServers {
  readonly #client: SynodClient;
  readonly #connections = new Map<NodeId, ServerConnection>();

  /** `client`: knows where the servers are. */
  constructor(client: SynodClient) {
    this.#client = client;
  }

  connection(server: NodeId): ServerConnection {
    const { address } = this.#client.servers.find(({ id }) => id === server)!;
    const known = this.#connections.get(server);
    if (known?.address === address) return known;
    known?.close();
    const connection = new ServerConnection(address);
    this.#connections.set(server, connection);
    return connection;
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close();
  }
}

/** Follows all of these servers from now on; waits a while for the first report of each. */
export async function followAll<Report>(board: StatusBoard<Report>, servers: readonly NodeId[]): Promise<void> {
  for (const server of servers) board.follow(server);
  try {
    await board.until(servers, () => true, 'answer', patienceMs);
  } catch (error) {
    if (!(error instanceof SynodError) || error.code !== 'unavailable') throw error;
  }
}
