import type { NodeId } from '@synod/kernel';

/**
 * Who bears which name, and where each node looks for it. At first a node looks for a name at the node called so; one
 * that hears of a replacement looks at another node from then on, until it starts anew.
 */
export class Directory {
  readonly #spares: ReadonlyMap<NodeId, NodeId>;
  readonly #redirected = new Map<NodeId, Map<NodeId, NodeId>>();

  /** `spares`: nodes beside those that bear their own names, and the names that they bear. */
  constructor(spares: ReadonlyMap<NodeId, NodeId> = new Map()) {
    this.#spares = spares;
  }

  nameOf(node: NodeId): NodeId {
    return this.#spares.get(node) ?? node;
  }

  /** Where `node` looks for `name`. */
  at(node: NodeId, name: NodeId): NodeId {
    return this.#redirected.get(node)?.get(name) ?? name;
  }

  /** Whether `node` looks for the name of `peer` at `peer`. */
  knows(node: NodeId, peer: NodeId): boolean {
    return this.at(node, this.nameOf(peer)) === peer;
  }

  direct(node: NodeId, name: NodeId, to: NodeId): void {
    const own = this.#redirected.get(node) ?? new Map<NodeId, NodeId>();
    this.#redirected.set(node, own.set(name, to));
  }

  /** The node starts anew, from its configuration. */
  forget(node: NodeId): void {
    this.#redirected.delete(node);
  }
}
