import type { SynodError } from '@synod/kernel';
import type { Domain } from '@synod/tokens/vocabulary';
import type {
  TokenChanged,
  TokenLayout,
  TokenOperation,
  TokenOutcome,
  TokenRead,
  TokenWritten,
} from '@synod/transport/client';
import { ask, strange } from './ask.js';
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
  create(options: ChangeOptions = {}): Promise<TokenChanged> {
    return this.#ask({ type: 'create', id: this.id }, options, changedAs('created'));
  }

  /** It has neither name nor domain nor state any more, until it is created. */
  drop(options: ChangeOptions = {}): Promise<TokenChanged> {
    return this.#ask({ type: 'drop', id: this.id }, options, changedAs('dropped'));
  }

  /** Gives it name and domain. Answers its partial state: undefined when low = mid. */
  write(
    { name, domain }: { readonly name: string; readonly domain: Domain },
    options: ChangeOptions = {},
  ): Promise<TokenWritten> {
    return this.#ask({ type: 'write', id: this.id, name, domain }, options, (outcome) =>
      outcome.type === 'written' ? { partial: outcome.partial, tag: outcome.tag } : strange(outcome),
    );
  }

  /** The whole token with its final state. Repeated at other readers until the deadline; fails definite. */
  read(options: CallOptions = {}): Promise<TokenRead> {
    return this.#ask({ type: 'read', id: this.id }, options, (outcome) =>
      outcome.type === 'read' ? { token: outcome.token, tag: outcome.tag } : strange(outcome),
    );
  }

  #ask<Result>(
    operation: TokenOperation,
    options: ChangeOptions,
    view: (outcome: TokenOutcome) => Result | SynodError,
  ): Promise<Result> {
    return ask(this.#core, tokenTraffic, operation, options, view);
  }
}

function changedAs(type: 'created' | 'dropped'): (outcome: TokenOutcome) => TokenChanged | SynodError {
  return (outcome) => (outcome.type === type ? { tag: outcome.tag } : strange(outcome));
}
