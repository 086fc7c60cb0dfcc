import { quorumSize, type NodeId, type Reach } from '@synod/kernel';
import type { ReplicaSet } from './replica-set.js';

/**
 * Whom a read phase asks: as many as make a quorum, this node and those after it, so that the nodes of a cluster ask
 * different ones. Who is not linked, or let a question wait, is passed over; if too few are left, all are asked.
 */
export class Consulted {
  readonly #self: NodeId;
  readonly #reach: Reach;
  /** By replicas. */
  readonly #known = new Map<readonly NodeId[], readonly NodeId[]>();
  /** For whom that holds. */
  #responsive: readonly NodeId[] = [];

  constructor(self: NodeId, reach: Reach) {
    this.#self = self;
    this.#reach = reach;
  }

  /** The same array for the same replicas, as long as the same peers answer. */
  of({ replicas }: ReplicaSet): readonly NodeId[] {
    const { responsive } = this.#reach;
    if (responsive !== this.#responsive) this.#known.clear();
    this.#responsive = responsive;
    let nodes = this.#known.get(replicas);
    if (!nodes) this.#known.set(replicas, (nodes = this.#choose(replicas)));
    return nodes;
  }

  #choose(replicas: readonly NodeId[]): readonly NodeId[] {
    const own = replicas.indexOf(this.#self);
    const ring = [...replicas.slice(own), ...replicas.slice(0, own)];
    const able = ring.filter((node) => node === this.#self || this.#responsive.includes(node));
    const quorum = quorumSize(replicas.length);
    return quorum === replicas.length || able.length < quorum ? replicas : able.slice(0, quorum);
  }
}
