import type { NodeId } from '@synod/kernel';

/** Which peers are connected, and which of them let a round wait in vain and were not heard from since. Hints, no more. */
export class Reach {
  readonly #linked = new Set<NodeId>();
  readonly #laggards = new Set<NodeId>();

  /** Peers whose links are up. */
  get linked(): ReadonlySet<NodeId> {
    return this.#linked;
  }

  /** Those of them that are worth waiting for. */
  get responsive(): readonly NodeId[] {
    return [...this.#linked].filter((peer) => !this.#laggards.has(peer));
  }

  link(peer: NodeId, up: boolean): void {
    if (!up) return void this.#linked.delete(peer);
    this.#linked.add(peer);
    this.heard(peer);
  }

  heard(peer: NodeId): void {
    this.#laggards.delete(peer);
  }

  lagged(peer: NodeId): void {
    this.#laggards.add(peer);
  }
}
