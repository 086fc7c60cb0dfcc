import { compareNatural, SynodError, type NodeId } from '@synod/kernel';
import { checkAccess, mayAccess, type Access } from './access.js';
import type { Hashed } from './arg-min.js';
import { refuseIfAborted, type SearchOptions } from './cancelled.js';
import { checkDomain } from './domain.js';
import { FinalStates } from './final-states.js';
import type { RegisterPort, RegisterState, RegisterTag } from './register-port.js';
import type { TokenConfig, TokenScheme } from './scheme.js';
import type { SearchPool } from './search-pool.js';
import { decodeToken, encodeToken, type TokenValue } from './token-codec.js';
import { tokenKey } from './token-key.js';
import { checkId, checkName, type Token } from './token.js';
import { Turns } from './turns.js';

export interface TokenManagerOptions {
  /** This node's access point. */
  readonly self: NodeId;
  readonly scheme: Pick<TokenScheme, 'tokens'>;
  readonly registers: RegisterPort;
  readonly pool: SearchPool;
}

/**
 * The tokens as one node serves them (docs/registers.md). Every failure is a `SynodError`:
 * `unknown_token`, `unauthorised` (the message names who may), `invalid_argument`, `exists`, `dropped`,
 * `never_written`, `cancelled`, and what the registers fail with. Each answer carries the tag of the write it rests on.
 *
 * Whatever rests on a token's state (`exists`, `dropped`, `never_written`) is answered from a read of its register,
 * never from memory, so that no later answer goes back behind it.
 */
export class TokenManager {
  readonly #self: NodeId;
  readonly #configs: ReadonlyMap<string, TokenConfig>;
  readonly #registers: RegisterPort;
  readonly #pool: SearchPool;
  readonly #finals: FinalStates;
  readonly #turns = new Turns();
  /** Tokens whose single writer, this node, knows that they are not dropped: only it could drop them. */
  readonly #live = new Set<string>();

  constructor({ self, scheme, registers, pool }: TokenManagerOptions) {
    this.#self = self;
    this.#configs = new Map(scheme.tokens.map((token) => [token.id, token]));
    this.#registers = registers;
    this.#pool = pool;
    this.#finals = new FinalStates(pool);
  }

  /** The ids of the tokens that this node holds, in natural order. */
  list(): string[] {
    const held = [...this.#configs.values()].filter((config) => mayAccess(config, 'read', this.#self));
    return held.map(({ id }) => id).sort(compareNatural);
  }

  /** Creates a token anew that was dropped. Configured tokens exist from the start: `exists`. */
  async create(id: string, { signal }: SearchOptions = {}): Promise<{ readonly tag: RegisterTag }> {
    this.#check(id, 'change');
    return this.#inTurn(id, signal, async () => {
      const { kind } = await this.#read(id);
      if (kind !== 'deleted') throw new SynodError('exists', `token ${JSON.stringify(id)} exists`);
      const tag = await this.#write(id, { kind: 'created' });
      this.#live.add(id);
      return { tag };
    });
  }

  /** Drops a token: it has neither name nor domain nor state any more. */
  async drop(id: string, { signal }: SearchOptions = {}): Promise<{ readonly tag: RegisterTag }> {
    this.#check(id, 'change');
    return this.#inTurn(id, signal, async () => {
      await this.#checkLive(id);
      this.#live.delete(id);
      return { tag: await this.#registers.delete(tokenKey(id)) };
    });
  }

  /** Gives a token its name and domain, and returns its partial state: undefined when low = mid. */
  async write(
    { id, name, domain }: Pick<Token, 'id' | 'name' | 'domain'>,
    { signal }: SearchOptions = {},
  ): Promise<{ readonly partial: Hashed | undefined; readonly tag: RegisterTag }> {
    this.#check(id, 'change');
    checkName(name);
    checkDomain(domain);
    this.#pool.checkRange(domain.low, domain.high);
    return this.#inTurn(id, signal, async () => {
      if (!this.#live.has(id)) await this.#checkLive(id);
      const partial = await this.#pool.argMin(name, domain.low, domain.mid, { signal });
      return { partial, tag: await this.#write(id, { kind: 'written', name, domain, partial }) };
    });
  }

  /** The whole token. Its final state is computed here, and remembered. */
  async read(
    id: string,
    { signal }: SearchOptions = {},
  ): Promise<{ readonly token: Token; readonly tag: RegisterTag }> {
    this.#check(id, 'read');
    refuseIfAborted(signal);
    const state = await this.#read(id);
    if (state.kind === 'deleted') throw dropped(id);
    const value = state.kind === 'value' ? decodeToken(state.value) : undefined;
    if (state.kind === 'empty' || value?.kind !== 'written') {
      throw new SynodError('never_written', `token ${JSON.stringify(id)} was never written`);
    }
    const { name, domain, partial } = value;
    const final = await this.#finals.of({ id, name, domain }, { signal });
    return { token: { id, name, domain, partial, final }, tag: state.tag };
  }

  /**
   * Writes the initial name and domain of the tokens that this node writes and nobody has written: of all it can, then
   * rejects with why it could not write one of them. It can be called again.
   */
  async writeInitial({ signal }: SearchOptions = {}): Promise<void> {
    const writes = await Promise.allSettled(
      [...this.#configs.values()].map((config) => this.#initiate(config, signal)),
    );
    for (const write of writes) if (write.status === 'rejected') throw write.reason;
  }

  async #initiate({ id, writer, initial }: TokenConfig, signal: AbortSignal | undefined): Promise<void> {
    if (!initial || writer !== this.#self) return;
    const { name, domain } = initial;
    this.#pool.checkRange(domain.low, domain.high);
    await this.#inTurn(id, signal, async () => {
      if ((await this.#read(id)).kind !== 'empty') return;
      const partial = await this.#pool.argMin(name, domain.low, domain.mid, { signal });
      await this.#write(id, { kind: 'written', name, domain, partial });
    });
  }

  #check(id: string, access: Access): void {
    checkId(id);
    const config = this.#configs.get(id);
    if (!config) throw new SynodError('unknown_token', `no token ${JSON.stringify(id)} is configured`);
    checkAccess(config, access, this.#self);
  }

  #inTurn<T>(id: string, signal: AbortSignal | undefined, task: () => Promise<T>): Promise<T> {
    return this.#turns.take(id, async () => {
      refuseIfAborted(signal);
      return task();
    });
  }

  async #checkLive(id: string): Promise<void> {
    if ((await this.#read(id)).kind === 'deleted') throw dropped(id);
    this.#live.add(id);
  }

  #read(id: string): Promise<RegisterState> {
    return this.#registers.read(tokenKey(id));
  }

  #write(id: string, value: TokenValue): Promise<RegisterTag> {
    return this.#registers.write(tokenKey(id), encodeToken(value));
  }
}

function dropped(id: string): SynodError {
  return new SynodError('dropped', `token ${JSON.stringify(id)} was dropped: create it first`);
}
