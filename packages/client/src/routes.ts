import type { NodeId } from '@synod/kernel';
import { replicationByPattern } from '@synod/register';
import type { RegisterLayout, TokenLayout } from '@synod/transport/client';

/** Who may do what with one register or token. */
export interface Access {
  /** Any of them. */
  readonly readers: readonly NodeId[];
  /** Any of them; for most there is one. */
  readonly writers: readonly NodeId[];
}

/** Where operations go, by one layout. */
export class Routes {
  readonly tokens: readonly TokenLayout[];
  readonly #ofKey: (key: string) => Access | undefined;
  readonly #ofToken: ReadonlyMap<string, Access>;

  constructor({ registers, tokens }: RegisterLayout) {
    this.tokens = tokens;
    this.#ofKey = replicationByPattern(registers.map((pattern) => ({ ...pattern, ...accessOf(pattern) })));
    this.#ofToken = new Map(tokens.map((token) => [token.id, accessOf(token)]));
  }

  /** Undefined: no register of that key is configured. */
  ofKey(key: string): Access | undefined {
    return this.#ofKey(key);
  }

  /** Undefined: no token of that id is configured. */
  ofToken(id: string): Access | undefined {
    return this.#ofToken.get(id);
  }
}

function accessOf({ writer, replicas }: Pick<TokenLayout, 'writer' | 'replicas'>): Access {
  if (writer === 'any') return { readers: replicas, writers: replicas };
  return { readers: [...new Set([...replicas, writer])], writers: [writer] };
}
