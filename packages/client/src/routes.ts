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
    const accessOf = accesses();
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

/** Where the same may read, the list of them is one and the same: by it, reads that ask the same replicas are gathered. */
function accesses(): (owner: Pick<TokenLayout, 'writer' | 'replicas'>) => Access {
  const lists = new Map<string, readonly NodeId[]>();
  const listOf = (nodes: readonly NodeId[]): readonly NodeId[] => {
    const text = JSON.stringify(nodes);
    const list = lists.get(text) ?? nodes;
    lists.set(text, list);
    return list;
  };
  return ({ writer, replicas }) => {
    if (writer !== 'any') return { readers: listOf([...new Set([...replicas, writer])]), writers: [writer] };
    const all = listOf(replicas);
    return { readers: all, writers: all };
  };
}
