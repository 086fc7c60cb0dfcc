import type { ConnectionOptions } from './call-options.js';
import { Connection } from './connection.js';

/** The calls of one service of one server. Connects on first use. */
export abstract class ServiceConnection {
  protected readonly connection: Connection;

  /** `to`: the server's `host:port`, or a connection to share with other services of the same server. */
  constructor(to: string | Connection, options?: ConnectionOptions) {
    this.connection = typeof to === 'string' ? new Connection(to, options) : to;
  }

  get address(): string {
    return this.connection.address;
  }

  /** Ends every call under way with `cancelled`, also those of others that share the connection. */
  close(): void {
    this.connection.close();
  }
}
