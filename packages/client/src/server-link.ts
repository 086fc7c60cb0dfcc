import type { NodeId } from '@synod/kernel';
import type { TransferCommand, TransferOutcome } from '@synod/ledger';
import {
  ServerConnection,
  type ConnectionOptions,
  type OperationOutcome,
  type RegisterOperation,
  type TokenOperation,
  type TokenOutcome,
} from '@synod/transport/client';
import { LastingSession } from './lasting-session.js';
import type { ServerAddress } from './options.js';
import { Standing } from './standing.js';

/** One server: its calls, its sessions, and how it has answered so far. */
export class ServerLink {
  readonly address: string;
  readonly calls: ServerConnection;
  readonly standing = new Standing();
  readonly transfers: LastingSession<TransferCommand, TransferOutcome>;
  readonly registers: LastingSession<RegisterOperation, OperationOutcome>;
  readonly tokens: LastingSession<TokenOperation, TokenOutcome>;
  /** Unknown until the server was asked, if nobody has told. */
  id: NodeId | undefined;

  constructor({ id, address }: ServerAddress, options: ConnectionOptions) {
    this.id = id;
    this.address = address;
    const calls = new ServerConnection(address, options);
    this.calls = calls;
    this.transfers = new LastingSession((options) => calls.ledger.session(options), this.standing);
    this.registers = new LastingSession((options) => calls.registers.session(options), this.standing);
    this.tokens = new LastingSession((options) => calls.tokens.session(options), this.standing);
  }

  close(): void {
    this.calls.close();
  }

  /** The server is somewhere else: what is under way here fails, and may be sent there. */
  leave(): void {
    this.calls.leave();
  }
}
