import type { NodeId, Standing, TransportEvents } from '@synod/kernel';
import type { Directory } from './directory.js';

/** What the network tells a node, in the names that its machine knows. */
export class NamedEvents<M> implements TransportEvents<M> {
  readonly #node: NodeId;
  readonly #directory: Directory;
  readonly #events: TransportEvents<M>;
  readonly #former: (from: NodeId) => void;
  readonly #linked = new Set<NodeId>();
  /** Of the last life of each node that asked for a link. */
  readonly #standings = new Map<NodeId, Standing>();

  /** `former`: told when a node is heard that bears its name no more, as far as this one knows. */
  constructor(node: NodeId, directory: Directory, events: TransportEvents<M>, former: (from: NodeId) => void) {
    this.#former = former;
    this.#node = node;
    this.#directory = directory;
    this.#events = events;
  }

  get standing(): Standing {
    return this.#events.standing;
  }

  /** The disk of one name is remembered: that of the node which bears it, as far as this one knows. */
  greet(peer: NodeId, standing: Standing): string | undefined {
    this.#standings.set(peer, standing);
    return this.#knows(peer) ? this.#events.greet(this.#directory.nameOf(peer), standing) : undefined;
  }

  heard(peer: NodeId, number: number): void {
    if (this.#knows(peer)) this.#events.heard(this.#directory.nameOf(peer), number);
  }

  refused(reason: string): void {
    this.#events.refused(reason);
  }

  deliver(from: NodeId, message: M): void {
    if (!this.#knows(from)) this.#former(from);
    this.#events.deliver(this.#directory.nameOf(from), message);
  }

  link(peer: NodeId, up: boolean): void {
    if (up) this.#linked.add(peer);
    else this.#linked.delete(peer);
    if (this.#knows(peer)) this.#events.link(this.#directory.nameOf(peer), up);
  }

  /** The node looks for a name somewhere else now. */
  moved(name: NodeId, from: NodeId, to: NodeId): void {
    const standing = this.#standings.get(to);
    if (standing) this.#events.greet(name, standing);
    if (this.#linked.has(from)) this.#events.link(name, false);
    if (this.#linked.has(to)) this.#events.link(name, true);
  }

  #knows(peer: NodeId): boolean {
    return this.#directory.knows(this.#node, peer);
  }
}
