import type { PerformanceReport } from '@synod/kernel';
import type { NodeDescription, WatchedEvent, WatchedMessage } from '@synod/transport/client';
import { ClientCore } from './client-core.js';
import { LedgerClient } from './ledger-client.js';
import type { CallOptions, ConnectOptions, ServerAddress } from './options.js';
import { RegisterHandle, RegistersClient } from './register-client.js';
import { TokenHandle, TokensClient } from './token-client.js';

/**
 * A client of one cluster, whatever it serves. Every method rejects with `SynodError`. A server is named by its id or
 * by its address.
 */
export class SynodClient {
  readonly ledger: LedgerClient;
  readonly registers: RegistersClient;
  readonly tokens: TokensClient;
  readonly #core: ClientCore;

  /** Throws `SynodError` `invalid_argument`. */
  constructor(options: ConnectOptions) {
    this.#core = new ClientCore(options);
    this.ledger = new LedgerClient(this.#core);
    this.registers = new RegistersClient(this.#core);
    this.tokens = new TokensClient(this.#core);
  }

  /** The register of this key. Asks nobody whether there is one. */
  register(key: string): RegisterHandle {
    return new RegisterHandle(this.#core, key);
  }

  /** The token of this id. Asks nobody whether there is one. */
  token(id: string): TokenHandle {
    return new TokenHandle(this.#core, id);
  }

  /** The servers that are known: those that the caller named first, then those that others have told of. */
  get servers(): readonly ServerAddress[] {
    return this.#core.servers.all.map(({ id, address }) => ({ id, address }));
  }

  /** Who a server is, which others there are, and what it serves. The others are known from then on. */
  async describe(server: string, options: CallOptions = {}): Promise<NodeDescription> {
    const { servers } = this.#core;
    const deadline = this.#core.deadline(options);
    const link = await servers.named(server, deadline);
    const description = await link.calls.node.describe(deadline.rest());
    servers.isCalled(link, description.server);
    await servers.areAt(description.servers);
    return description;
  }

  /** What a server has measured; of its last requests `recent` (default 20) one by one. */
  async performance(
    server: string,
    options: CallOptions & { readonly recent?: number } = {},
  ): Promise<PerformanceReport> {
    const deadline = this.#core.deadline(options);
    const { calls } = await this.#core.servers.named(server, deadline);
    return calls.node.performance({ ...deadline.rest(), recent: options.recent });
  }

  /**
   * The last `last` events that the server still keeps, then each new one. Ends with the signal; throws when the server
   * goes away.
   */
  async *watchEvents(server: string, signal?: AbortSignal, last = 0): AsyncGenerator<WatchedEvent> {
    const { calls } = await this.#core.servers.named(server, this.#core.deadline({ signal }));
    yield* calls.node.watchEvents({ signal, last });
  }

  /**
   * The messages that a server sends to its peers and receives from them, from now on. Ends with the signal; throws
   * when the server goes away.
   */
  async *watchMessages(server: string, signal?: AbortSignal): AsyncGenerator<WatchedMessage> {
    const { calls } = await this.#core.servers.named(server, this.#core.deadline({ signal }));
    yield* calls.node.watchMessages({ signal });
  }

  /** Ends every call under way with `cancelled` and closes the connections. */
  close(): void {
    this.#core.close();
  }
}
