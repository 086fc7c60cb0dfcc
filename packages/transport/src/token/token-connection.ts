import type { CallOptions } from '../connection/call-options.js';
import { ServiceConnection } from '../connection/service-connection.js';
import { TokenServiceService as methods } from '../gen/synod/token/v1/token_service.js';
import { SessionStream, type Session, type SessionOptions } from '../session/session-stream.js';
import type { TokenOperation, TokenOutcome } from './operation.js';
import type { TokenChanged, TokenRead, TokenWrite, TokenWritten } from './token-backend.js';
import { tokenSessionWire } from './token-session-wire.js';
import { checkWrite, idOf, readChanged, readRead } from './token-wire.js';

/** One stream of token operations to one server. */
export type TokenSession = Session<TokenOperation, TokenOutcome>;

const change = { readOnly: false };

/** The tokens of one server, as they are: no retries, no failover. Every method rejects with `SynodError`. */
export class TokenConnection extends ServiceConnection {
  async create(id: string, options?: CallOptions): Promise<TokenChanged> {
    return readChanged(await this.connection.unary(methods.create, { id: idOf(id) }, { ...options, ...change }));
  }

  async drop(id: string, options?: CallOptions): Promise<TokenChanged> {
    return readChanged(await this.connection.unary(methods.drop, { id: idOf(id) }, { ...options, ...change }));
  }

  async write(write: TokenWrite, options?: CallOptions): Promise<TokenWritten> {
    const response = await this.connection.unary(methods.write, checkWrite(write), { ...options, ...change });
    return { partial: response.partial, ...readChanged(response) };
  }

  async read(id: string, options?: CallOptions): Promise<TokenRead> {
    return readRead(await this.connection.unary(methods.read, { id: idOf(id) }, { ...options, readOnly: true }));
  }

  /** The ids of the tokens that this server holds, in natural order. */
  async list(options?: CallOptions): Promise<readonly string[]> {
    const { ids } = await this.connection.unary(methods.list, {}, { ...options, readOnly: true });
    return ids;
  }

  session(options: SessionOptions = {}): TokenSession {
    return new SessionStream(this.connection, tokenSessionWire, options);
  }
}
