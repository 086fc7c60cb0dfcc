import type { NodeId } from '@synod/kernel';
import type { AccountId } from '@synod/ledger';

/** What stands behind a command's name: names of things that are there, or text of one's own. */
export type ArgumentKind =
  'account' | 'server' | 'ledger server' | 'register server' | 'server or account' | 'token' | 'text';

/** What must run for a command. */
export type System = 'ledger' | 'registers';

/** The names that a line of the menu may use: of what runs. Names of servers of the two do not overlap. */
export interface KnownNames {
  readonly ledger: { readonly servers: readonly NodeId[]; readonly accounts: readonly AccountId[] } | undefined;
  readonly registers: RegisterNames | undefined;
  readonly hints?: Hints;
}

/** What would have to be done so that a system which does not run here did; where nothing helps, none. */
export type Hints = Readonly<Partial<Record<System, string>>>;

export interface RegisterNames {
  /** A server is also known by its address. */
  readonly nodes: readonly { readonly id: NodeId; readonly address: string }[];
  /** Ids. */
  readonly tokenIds: readonly string[];
}

/** Whether what a command needs runs here; undefined: it needs neither of the two. */
export function runs(system: System | undefined, names: KnownNames): boolean {
  return system === undefined || names[system] !== undefined;
}

/** What may stand for an argument, in the order in which it is told. */
export function choicesFor(kind: ArgumentKind, { ledger, registers }: KnownNames): readonly string[] {
  const { servers = [], accounts = [] } = ledger ?? {};
  const nodes = registers?.nodes.map(({ id }) => id) ?? [];
  switch (kind) {
    case 'account':
      return accounts;
    case 'ledger server':
      return servers;
    case 'register server':
      return nodes;
    case 'server':
      return [...servers, ...nodes];
    case 'server or account':
      return [...new Set([...servers, ...accounts])];
    case 'token':
      return registers?.tokenIds ?? [];
    case 'text':
      return [];
  }
}

/** The name that a word means, case ignored if nothing is called exactly so; undefined: nothing is called so. */
export function find(word: string, kind: ArgumentKind, names: KnownNames): string | undefined {
  const choices = choicesFor(kind, names);
  const isNode = kind === 'server' || kind === 'register server';
  return among(word, choices) ?? (isNode ? atAddress(word, names.registers) : undefined);
}

function atAddress(word: string, registers: RegisterNames | undefined): NodeId | undefined {
  return registers?.nodes.find(({ address }) => address.toLowerCase() === word.toLowerCase())?.id;
}

function among(word: string, choices: readonly string[]): string | undefined {
  return choices.find((name) => name === word) ?? choices.find((name) => name.toLowerCase() === word.toLowerCase());
}
