import { hash } from 'node:crypto';
import type { NodeId } from '@synod/kernel';
import type { Mark } from './configuration.js';

/**
 * Names what a quorum is a majority of: these replicas, with the disks of this configuration. 16 hexadecimal digits; what
 * differs has another name (64 bits of SHA-256).
 */
export type Basis = string;

/** The bases of one node's replica sets: worked out once for each configuration. */
export class Bases {
  readonly #known = new Map<readonly NodeId[], Basis>();
  /** For which that holds. */
  #mark: Mark | undefined;

  /** `replicas`: the same array for the same nodes. */
  of(mark: Mark, replicas: readonly NodeId[]): Basis {
    if (mark !== this.#mark) this.#known.clear();
    this.#mark = mark;
    let basis = this.#known.get(replicas);
    if (basis === undefined) this.#known.set(replicas, (basis = basisOf(mark, replicas)));
    return basis;
  }
}

function basisOf(mark: Mark, replicas: readonly NodeId[]): Basis {
  return hash('sha256', JSON.stringify([mark, replicas])).slice(0, 16);
}
