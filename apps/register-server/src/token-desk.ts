import { SynodError } from '@synod/kernel';
import type { Instruments } from '@synod/server';
import { tokenKey, type SearchOptions, type Token, type TokenManager } from '@synod/tokens';
import type { TokenBackend, TokenChanged, TokenRead, TokenWrite, TokenWritten } from '@synod/transport/server';
import type { RegisterDoor } from './register-door.js';

/** What clients reach of the tokens: each operation is timed, waited for when the server stops, and told to the log. */
export class TokenDesk implements TokenBackend {
  readonly #tokens: TokenManager;
  readonly #door: RegisterDoor;
  readonly #instruments: Instruments;

  constructor(tokens: TokenManager, door: RegisterDoor, instruments: Instruments) {
    this.#tokens = tokens;
    this.#door = door;
    this.#instruments = instruments;
  }

  create(id: string, options?: SearchOptions): Promise<TokenChanged> {
    return this.#do('create', id, () => this.#tokens.create(id, options));
  }

  drop(id: string, options?: SearchOptions): Promise<TokenChanged> {
    return this.#do('drop', id, () => this.#tokens.drop(id, options));
  }

  write({ id, name, domain }: TokenWrite, options?: SearchOptions): Promise<TokenWritten> {
    const write = () => this.#tokens.write({ id, name, domain }, options);
    return this.#do('write', id, write, ({ partial }) => ({ name, domain, partial }));
  }

  read(id: string, options?: SearchOptions): Promise<TokenRead> {
    return this.#do(
      'read',
      id,
      () => this.#tokens.read(id, options),
      ({ token }) => token,
    );
  }

  list(): readonly string[] {
    return this.#tokens.list();
  }

  keyOf(id: string): string {
    return tokenKey(id);
  }

  async #do<T>(
    what: string,
    id: string,
    operate: () => Promise<T>,
    found: (answer: T) => Partial<Token> = () => ({}),
  ): Promise<T> {
    const arrived = performance.now();
    const ended = (status: string, token: Partial<Token>): void => {
      this.#instruments.metrics.decided(tokenKey(id), status, performance.now() - arrived);
      this.#tell(what, id, status, token);
    };
    try {
      const answer = await this.#door.during(operate);
      ended(what, found(answer));
      return answer;
    } catch (error) {
      ended(error instanceof SynodError ? error.code : 'internal', {});
      throw error;
    }
  }

  /** After each request: all that is known of the token, and the ids of all tokens of this node. */
  #tell(what: string, id: string, status: string, { name, domain, partial, final }: Partial<Token>): void {
    const { events } = this.#instruments;
    if (!events.wantsDebug) return;
    const fields: Record<string, string> = { id, status, tokens: this.list().join(' ') };
    if (name !== undefined) fields.name = name;
    if (domain) fields.domain = `[${domain.low}, ${domain.mid}, ${domain.high})`;
    if (partial) fields.partial = `${partial.x} (${partial.hash})`;
    if (final) fields.final = `${final.x} (${final.hash})`;
    events.add('debug', 'token-request', `${what} token ${JSON.stringify(id)}: ${status}`, fields);
  }
}
