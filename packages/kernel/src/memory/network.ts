import type { NodeId, Outgoing } from '../machine.js';
import type { Transport, TransportEvents } from '../ports.js';

/** Connects nodes that live in one process. Delivers in order, in a later microtask, and loses nothing while linked. */
export class MemoryNetwork<M> {
  readonly #nodes = new Map<NodeId, TransportEvents<M>>();
  readonly #cut = new Set<string>();

  /** The transport of one node. Its links come up as the others start. */
  transport(self: NodeId): Transport<M> {
    return {
      start: (events) => this.#join(self, events),
      send: (messages) => this.#send(self, messages),
    };
  }

  /** Takes a node off the network, as if its process had ended. */
  leave(node: NodeId): void {
    if (!this.#nodes.delete(node)) return;
    for (const events of this.#nodes.values()) events.link(node, false);
  }

  /** Cuts or restores the link between two nodes, both ways. */
  setLink(a: NodeId, b: NodeId, up: boolean): void {
    const wasUp = this.#linked(a, b);
    for (const name of [pair(a, b), pair(b, a)]) {
      if (up) this.#cut.delete(name);
      else this.#cut.add(name);
    }
    if (wasUp === this.#linked(a, b)) return;
    this.#nodes.get(a)?.link(b, up);
    this.#nodes.get(b)?.link(a, up);
  }

  #join(self: NodeId, events: TransportEvents<M>): void {
    for (const [peer, others] of this.#nodes) {
      if (this.#cut.has(pair(self, peer))) continue;
      others.link(self, true);
      events.link(peer, true);
    }
    this.#nodes.set(self, events);
  }

  #send(from: NodeId, messages: readonly Outgoing<M>[]): void {
    queueMicrotask(() => {
      for (const { to, message } of messages) {
        if (this.#linked(from, to)) this.#nodes.get(to)?.deliver(from, message);
      }
    });
  }

  #linked(a: NodeId, b: NodeId): boolean {
    return a !== b && this.#nodes.has(a) && this.#nodes.has(b) && !this.#cut.has(pair(a, b));
  }
}

function pair(from: NodeId, to: NodeId): string {
  return `${from}\n${to}`;
}
