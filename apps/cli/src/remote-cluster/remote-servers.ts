import { SynodError, type NodeId } from '@synod/kernel';
import { ServerConnection, type ServerAddress } from '@synod/transport/client';
import type { StatusBoard } from '../cluster/status-board.js';

/** How long servers may take to show themselves before it is taken that they are down. */
const patienceMs = 2000;

/** Connections to servers that were started elsewhere. */
export class RemoteServers {
  readonly #connections: ReadonlyMap<NodeId, ServerConnection>;

  constructor(servers: readonly ServerAddress[]) {
    this.#connections = new Map(servers.map(({ id, address }) => [id, new ServerConnection(address)]));
  }

  connection(server: NodeId): ServerConnection {
    return this.#connections.get(server)!;
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
