import { compareNatural, type NodeId } from '@synod/kernel';
import type { Incarnation } from './incarnation.js';

/** By the operator's decision a node has another disk, elsewhere. The former one is nobody's. */
export interface Replacement {
  readonly node: NodeId;
  /** Rises with every replacement of this node, from 1. */
  readonly version: number;
  /** Identity of the new disk. */
  readonly disk: Incarnation;
  /** Where the node is reached now: `host:port`. The protocol only carries it. */
  readonly address: string;
  /** The new disk holds all that it must: the node takes part again. */
  readonly done: boolean;
}

/** Names which disks make up the quorums: two configurations of the same disks have the same mark, no others have. */
export type Mark = string;

/** The mark of a cluster in which nobody was replaced. */
export const noMark: Mark = '0'.repeat(16);

/**
 * Which disks are the nodes': the latest replacement of each. Configurations only grow, each node's by itself, so that
 * any two have a least one above both, whoever hears of which first.
 */
export class Configuration {
  readonly #latest = new Map<NodeId, Replacement>();
  #mark: Mark = noMark;

  get mark(): Mark {
    return this.#mark;
  }

  /** In natural order of the nodes. */
  get replacements(): Replacement[] {
    return [...this.#latest.values()].sort((a, b) => compareNatural(a.node, b.node));
  }

  of(node: NodeId): Replacement | undefined {
    return this.#latest.get(node);
  }

  /** Takes over what is greater. Returns the replacements that are new here, or done now. */
  merge(replacements: readonly Replacement[]): Replacement[] {
    const changed = replacements.flatMap((replacement) => {
      const { node } = replacement;
      const known = this.#latest.get(node);
      const merged = known ? greater(known, replacement) : replacement;
      if (merged === known) return [];
      this.#latest.set(node, merged);
      return [merged];
    });
    if (changed.length > 0) this.#mark = markOf(this.#latest.values());
    return changed;
  }

  /** Whether somebody who knows of these alone does not know all that is known here. */
  exceeds(replacements: readonly Replacement[]): boolean {
    const other = new Configuration();
    other.merge(replacements);
    return other.merge(this.replacements).length > 0;
  }
}

/** Returns `known` itself if `other` adds nothing. */
function greater(known: Replacement, other: Replacement): Replacement {
  const order =
    known.version - other.version || compare(known.disk, other.disk) || compare(known.address, other.address);
  if (order !== 0) return order > 0 ? known : other;
  return known.done || !other.done ? known : other;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/**
 * Disks are named by random numbers: sums of them tell sets of them apart as well as the numbers tell disks apart. A disk
 * that is given to its node again, after another one, is not the same.
 */
function markOf(replacements: Iterable<Replacement>): Mark {
  let sum = 0n;
  for (const { disk, version } of replacements) sum += BigInt(`0x${disk}`) * BigInt(version);
  return BigInt.asUintN(64, sum).toString(16).padStart(16, '0');
}
