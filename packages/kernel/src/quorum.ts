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
  /** A handful: to look through them takes less time than to hash a name. */
  readonly #members: readonly NodeId[];
  #heard: NodeId[] = [];
  readonly #count: number;
  readonly size: number;

  constructor(members: readonly NodeId[]) {
    this.#members = members;
    this.#count = countOf(members);
    this.size = quorumSize(this.#count);
  }

  /** Counts `node` once, if it is a member. Returns whether it was new. */
  add(node: NodeId): boolean {
    if (!this.#members.includes(node) || this.#heard.includes(node)) return false;
    if (this.#heard.length === 0) this.#heard = [node];
    else this.#heard.push(node);
    return true;
  }

  has(node: NodeId): boolean {
    return this.#heard.includes(node);
  }

  get heard(): readonly NodeId[] {
    return this.#heard;
  }

  get reached(): boolean {
    return this.#heard.length >= this.size;
  }

  get complete(): boolean {
    return this.#heard.length === this.#count;
  }
}

/** Who is named twice is a member once. */
function countOf(members: readonly NodeId[]): number {
  let count = 0;
  for (let i = 0; i < members.length; i++) if (members.indexOf(members[i]!) === i) count++;
  return count;
}
