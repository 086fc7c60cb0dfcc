import { compareNatural, type Effects, type NodeId } from '@synod/kernel';
import type { Replacement } from './configuration.js';
import type { Incarnation } from './incarnation.js';
import type { Acquainted, Introduce } from './messages.js';
import type { PeerStatus, RegisterProtocol } from './protocol.js';
import { registerKeys } from './records.js';

/**
 * Who knows this disk, and whose disks this node knows. Before its first acknowledgement a node is durably known to
 * *all* other replicas, so that one that starts with an empty disk learns from any of them that it had a former life,
 * whose acknowledgements may still be counted.
 */
export class Acquaintance {
  readonly #others: ReadonlySet<NodeId>;
  readonly #identity: Incarnation;
  /** Identities of the peers' disks. */
  readonly #peers = new Map<NodeId, Incarnation>();
  /** Peers that know this disk. */
  readonly #knownTo = new Set<NodeId>();
  /** The lost disk by which a peer knows this node. */
  readonly #former = new Map<NodeId, Incarnation>();
  /** Peers that knew this disk and have another one since: they are told again, and nothing waits for it. */
  readonly #renewed = new Set<NodeId>();
  readonly #linked = new Set<NodeId>();

  constructor(others: readonly NodeId[], identity: Incarnation) {
    this.#others = new Set(others);
    this.#identity = identity;
  }

  recoverPeer(peer: NodeId, identity: Incarnation): void {
    this.#peers.set(peer, identity);
  }

  recoverKnown(peer: NodeId): void {
    this.#knownTo.add(peer);
  }

  /** Whether all of these know this disk. */
  isKnownTo(nodes: readonly NodeId[]): boolean {
    for (const node of nodes) if (!this.#knownTo.has(node)) return false;
    return true;
  }

  get linked(): ReadonlySet<NodeId> {
    return this.#linked;
  }

  link(peer: NodeId, up: boolean): void {
    if (!up) this.#linked.delete(peer);
    else if (this.#others.has(peer)) this.#linked.add(peer);
  }

  /** Of the peer's disk, as far as this node knows. */
  identityOf(peer: NodeId): Incarnation | undefined {
    return this.#peers.get(peer);
  }

  /** Somebody in reach is still to be told. */
  get isIncomplete(): boolean {
    for (const peer of this.#linked) if (!this.#knownTo.has(peer) || this.#renewed.has(peer)) return true;
    return false;
  }

  /** These have another disk, which knows nobody. */
  renew(replacements: readonly Replacement[], effects: Effects<RegisterProtocol>): void {
    for (const { node, disk } of replacements) {
      if (!this.#others.has(node)) continue;
      this.learn(node, disk, effects);
      this.#renewed.add(node);
    }
  }

  introduce(effects: Effects<RegisterProtocol>): void {
    for (const peer of this.#linked) this.introduceTo(peer, effects);
  }

  introduced(from: NodeId, { identity, replaces }: Introduce, effects: Effects<RegisterProtocol>): void {
    const known = this.#peers.get(from);
    // One who was told of his loss, and has noted it, is known by his new disk from then on.
    if (known === undefined || known === replaces) this.learn(from, identity, effects);
    effects.to(from, { type: 'acquainted', identity: this.#peers.get(from)! });
  }

  /** The identity of a peer's disk, from itself. */
  learn(peer: NodeId, identity: Incarnation, effects: Effects<RegisterProtocol>): void {
    if (this.#peers.get(peer) === identity) return;
    this.#peers.set(peer, identity);
    effects.put(registerKeys.peer(peer), { kind: 'peer', identity });
  }

  /** Returns whether the peer knew another disk of this node: that one is lost. */
  acquainted(from: NodeId, { identity }: Acquainted, effects: Effects<RegisterProtocol>): boolean {
    if (identity === this.#identity) this.#renewed.delete(from);
    if (this.#knownTo.has(from)) return false;
    if (identity === this.#identity) {
      this.#knownTo.add(from);
      effects.put(registerKeys.known(from), { kind: 'known' });
      return false;
    }
    this.#former.set(from, identity);
    this.introduceTo(from, effects);
    return true;
  }

  get status(): PeerStatus[] {
    return [...this.#others].sort(compareNatural).map((node) => ({
      node,
      linked: this.#linked.has(node),
      identity: this.#peers.get(node),
      knowsThis: this.#knownTo.has(node),
    }));
  }

  introduceTo(peer: NodeId, effects: Effects<RegisterProtocol>): void {
    if (this.#knownTo.has(peer) && !this.#renewed.has(peer)) return;
    effects.to(peer, { type: 'introduce', identity: this.#identity, replaces: this.#former.get(peer) });
  }
}
