import { AdminConnection } from '../admin/admin-connection.js';
import type { ConnectionOptions } from '../connection/call-options.js';
import { Connection } from '../connection/connection.js';
import { LedgerConnection } from '../ledger/ledger-connection.js';
import { NodeConnection } from '../node/node-connection.js';
import { RegisterConnection } from '../register/register-connection.js';
import { TokenConnection } from '../token/token-connection.js';

/** All services of one server over one connection, as they are: no retries, no failover. Connects on first use. */
export class ServerConnection {
  readonly node: NodeConnection;
  readonly ledger: LedgerConnection;
  readonly registers: RegisterConnection;
  readonly tokens: TokenConnection;
  readonly admin: AdminConnection;
  readonly #connection: Connection;

  /** `address`: `host:port` */
  constructor(address: string, options?: ConnectionOptions) {
    this.#connection = new Connection(address, options);
    this.node = new NodeConnection(this.#connection);
    this.ledger = new LedgerConnection(this.#connection);
    this.registers = new RegisterConnection(this.#connection);
    this.tokens = new TokenConnection(this.#connection);
    this.admin = new AdminConnection(this.#connection);
  }

  get address(): string {
    return this.#connection.address;
  }

  /** Ends every call under way with `cancelled`. */
  close(): void {
    this.#connection.close();
  }

  /** The server is somewhere else: ends every call under way with `unavailable`. */
  leave(): void {
    this.#connection.leave();
  }
}
