import type { Domain } from '@synod/tokens/vocabulary';
import type {
  TokenChanged,
  TokenLayout,
  TokenOperation,
  TokenOutcome,
  TokenRead,
  TokenWritten,
} from '@synod/transport/client';
import { ask } from './ask.js';
import type { ClientCore } from './client-core.js';
import type { CallOptions, ChangeOptions } from './options.js';
import { retry } from './retry.js';
import { tokenTraffic } from './token-traffic.js';

/** The tokens of a cluster. */
export class TokensClient {
  readonly #core: ClientCore;

  constructor(core: ClientCore) {
    this.#core = core;
  }

  /** Those that are configured now, and the nodes that may write and read each. Rejects with `SynodError`. */
  async list(options: CallOptions = {}): Promise<readonly TokenLayout[]> {
    const deadline = this.#core.deadline(options);
    const { tokens } = await retry(deadline, this.#core.closed, () => this.#core.layout.learn(deadline.rest()));
    return tokens;
  }
}

/**
 * One token. Every method rejects with `SynodError`: also with `exists`, `dropped` and `never_written`, as its state
 * is. Searches that a call starts end with it.
 */
export class TokenHandle {
  readonly id: string;
  readonly #core: ClientCore;

  constructor(core: ClientCore, id: string) {
    this.id = id;
    this.#core = core;
  }

  /** Creates it anew after it was dropped. Configured tokens exist from the start: `exists`. */
  async create(options: ChangeOptions = {}): Promise<TokenChanged> {
    const { tag } = await this.#ask({ type: 'create', id: this.id }, 'created', options);
    return { tag };
  }

  /** It has neither name nor domain nor state any more, until it is created. */
  async drop(options: ChangeOptions = {}): Promise<TokenChanged> {
    const { tag } = await this.#ask({ type: 'drop', id: this.id }, 'dropped', options);
    return { tag };
  }

  /** Gives it name and domain. Answers its partial state: undefined when low = mid. */
  async write(
    { name, domain }: { readonly name: string; readonly domain: Domain },
    options: ChangeOptions = {},
  ): Promise<TokenWritten> {
    const { partial, tag } = await this.#ask({ type: 'write', id: this.id, name, domain }, 'written', options);
    return { partial, tag };
  }

  /** The whole token with its final state. Repeated at other readers until the deadline; fails definite. */
  async read(options: CallOptions = {}): Promise<TokenRead> {
    const { token, tag } = await this.#ask({ type: 'read', id: this.id }, 'read', options);
    return { token, tag };
  }

  #ask<Type extends TokenOutcome['type']>(
    operation: TokenOperation,
    type: Type,
    options: ChangeOptions,
  ): Promise<Extract<TokenOutcome, { readonly type: Type }>> {
    return ask(this.#core, tokenTraffic, operation, type, options);
  }
}
