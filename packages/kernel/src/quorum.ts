import type { NodeId } from './machine.js';

/**
 * The size of a majority of the *whole* membership, never of those that happen to be alive: any two
 * majorities of one membership share a member, which is all that safety rests on.
 * (Lamport, *Paxos Made Simple*, section 2.2; Cachin, Guerraoui, Rodrigues, algorithm 4.6.)
 */
export function quorumSize(members: number): number {
  return Math.floor(members / 2) + 1;
}

/** Counts distinct members until they are a quorum; strangers and repeats do not count. */
export class Quorum {
  readonly #members: ReadonlySet<NodeId>;
  readonly #heard = new Set<NodeId>();
  readonly size: number;

  constructor(members: Iterable<NodeId>) {
    this.#members = new Set(members);
    this.size = quorumSize(this.#members.size);
  }

  /** Counts `node` once, if it is a member. Returns whether it was new. */
  add(node: NodeId): boolean {
    if (!this.#members.has(node) || this.#heard.has(node)) return false;
    this.#heard.add(node);
    return true;
  }

  has(node: NodeId): boolean {
    return this.#heard.has(node);
  }

  get heard(): ReadonlySet<NodeId> {
    return this.#heard;
  }

  get reached(): boolean {
    return this.#heard.size >= this.size;
  }

  get complete(): boolean {
    return this.#heard.size === this.#members.size;
  }
}
