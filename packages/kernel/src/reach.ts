import type { NodeId } from './machine.js';

/** Which peers are connected, and which of them let somebody wait in vain and were not heard from since. Hints, no more. */
export class Reach {
  readonly #linked = new Set<NodeId>();
  readonly #laggards = new Set<NodeId>();
  #responsive: readonly NodeId[] | undefined;

  /** Peers whose links are up. */
  get linked(): ReadonlySet<NodeId> {
    return this.#linked;
  }

  /** Those of them that are worth waiting for. The same array until one comes or goes. */
  get responsive(): readonly NodeId[] {
    this.#responsive ??= [...this.#linked].filter((peer) => !this.#laggards.has(peer));
    return this.#responsive;
  }

  link(peer: NodeId, up: boolean): void {
    this.#responsive = undefined;
    if (!up) return void this.#linked.delete(peer);
    this.#linked.add(peer);
    this.#laggards.delete(peer);
  }

  heard(peer: NodeId): void {
    if (this.#laggards.size > 0 && this.#laggards.delete(peer)) this.#responsive = undefined;
  }

  lagged(peer: NodeId): void {
    this.#laggards.add(peer);
    this.#responsive = undefined;
  }
}
