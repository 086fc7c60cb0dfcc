import type { NodeId, Outgoing } from '../machine.js';
import type { Transport, TransportEvents } from '../ports.js';

/** Connects nodes that live in one process. Delivers in order, in a later microtask, and loses nothing while linked. */
export class MemoryNetwork<M> {
  readonly #nodes = new Map<NodeId, TransportEvents<M>>();
  readonly #cut = new Set<string>();
  /** Pairs of which the first will not have the second. */
  readonly #refused = new Set<string>();

  /** The transport of one node. Its links come up as the others start. */
  transport(self: NodeId): Transport<M> {
    return {
      start: (events) => this.#join(self, events),
      send: (messages, number) => this.#send(self, messages, number),
      announce: (number) => this.#announce(self, number),
    };
  }

  /** Takes a node off the network, as if its process had ended. */
  leave(node: NodeId): void {
    if (!this.#nodes.delete(node)) return;
    for (const [peer, events] of this.#nodes) {
      this.#refused.delete(pair(node, peer));
      if (!this.#refused.delete(pair(peer, node))) events.link(node, false);
    }
  }

  /** Cuts or restores the link between two nodes, both ways. */
  setLink(a: NodeId, b: NodeId, up: boolean): void {
    const wasUp = this.#linked(a, b);
    for (const name of [pair(a, b), pair(b, a)]) {
      if (up) this.#cut.delete(name);
      else this.#cut.add(name);
    }
    if (wasUp === this.#linked(a, b)) return;
    if (up) return this.#connect(a, b);
    this.#nodes.get(a)?.link(b, false);
    this.#nodes.get(b)?.link(a, false);
  }

  #join(self: NodeId, events: TransportEvents<M>): void {
    this.#nodes.set(self, events);
    for (const peer of this.#nodes.keys()) if (this.#linked(self, peer)) this.#connect(self, peer);
  }

  #connect(a: NodeId, b: NodeId): void {
    for (const [node, peer] of [
      [a, b],
      [b, a],
    ] as const) {
      const reason = this.#nodes.get(node)!.greet(peer, this.#nodes.get(peer)!.standing);
      if (reason === undefined) continue;
      this.#refused.add(pair(node, peer));
      queueMicrotask(() => this.#nodes.get(peer)?.refused(reason));
      return;
    }
    this.#nodes.get(a)!.link(b, true);
    this.#nodes.get(b)!.link(a, true);
  }

  #send(from: NodeId, messages: readonly Outgoing<M>[], number: number): void {
    queueMicrotask(() => {
      for (const { to, message } of messages) {
        if (!this.#linked(from, to)) continue;
        const events = this.#nodes.get(to)!;
        events.heard(from, number);
        events.deliver(from, message);
      }
    });
  }

  #announce(from: NodeId, number: number): void {
    queueMicrotask(() => {
      for (const [node, events] of this.#nodes) if (this.#linked(from, node)) events.heard(from, number);
    });
  }

  #linked(a: NodeId, b: NodeId): boolean {
    if (a === b || !this.#nodes.has(a) || !this.#nodes.has(b)) return false;
    const pairs = [pair(a, b), pair(b, a)];
    return !pairs.some((name) => this.#cut.has(name) || this.#refused.has(name));
  }
}

function pair(from: NodeId, to: NodeId): string {
  return `${from}\n${to}`;
}
