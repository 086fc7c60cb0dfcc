import { SynodError, type NodeId, type Random } from '@synod/kernel';
import type { Cell } from './cell.js';
import type { Replacement } from './configuration.js';
import type { Incarnation } from './incarnation.js';

/** All in milliseconds. */
export interface Timing {
  /** A phase is sent again to those who have not answered. */
  readonly resendMs: number;
  /** An operation that found no quorum for this long is answered `no_quorum`. */
  readonly noQuorumMs: number;
  /** A replacement that takes longer is answered as of unknown outcome; it goes on. */
  readonly replaceMs: number;
  /** How often all that waits is looked at: how late the three above may be. */
  readonly tickMs: number;
}

export const defaultTiming: Timing = { resendMs: 200, noQuorumMs: 2000, replaceMs: 10_000, tickMs: 50 };

/** Bounds of what a node takes and sends. */
export interface Limits {
  /** Of a value, in bytes. */
  readonly valueBytes: number;
  /**
   * Of a page of cells, and of what one message asks or tells of several registers: in cells looked at, and in bytes of
   * values; it holds at least one cell, whatever its size.
   */
  readonly pageCells: number;
  readonly pageBytes: number;
}

export const defaultLimits: Limits = { valueBytes: 1_048_576, pageCells: 1000, pageBytes: 262_144 };

/** Who holds a register, and who may write it. */
export interface Replication {
  /** The one node that may, or `any`: all replicas may. */
  readonly writer: NodeId;
  /** Distinct; with the writer, if it is one, they are the replica set. */
  readonly replicas: readonly NodeId[];
}

export interface RegisterOptions {
  readonly self: NodeId;
  /** Every node that shares a replica set with this one, itself included. */
  readonly members: readonly NodeId[];
  /** Undefined: no register of that key is configured. Always the same for the same key, on every node. */
  readonly replicaSetOf: (key: string) => Replication | undefined;
  /**
   * All replica sets that `replicaSetOf` can answer. With it a replacement copies from a majority of each only; without,
   * from all members.
   */
  readonly replicaSets?: readonly Replication[];
  /** An empty disk is one that is to replace this node's: it takes no part before the operator says so. Default false. */
  readonly replacement?: boolean;
  readonly random: Random;
  readonly timing?: Partial<Timing>;
  readonly limits?: Partial<Limits>;
  /**
   * Sees the values that operations of this node found or put on a quorum: per key and life of the node with rising
   * timestamps, each at most once, not all of them. Called inside a step, before the operation is answered; of a register
   * that this node holds alone, before what it put there is durable.
   */
  readonly onConfirmed?: (key: string, cell: Cell) => void;
  /** Sees all replacements that are known: at the start, if there are any, and whenever there is news, before that is durable. */
  readonly onReplacements?: (replacements: readonly Replacement[]) => void;
  /** Told of this node's disk: at the start, and when it becomes the node's. */
  readonly onDisk?: (disk: OwnDisk) => void;
}

/** What a node's disk is to its peers, beside the node's name. */
export interface OwnDisk {
  readonly identity: Incarnation;
  /** How often the node had been replaced when this disk became its own; 0: it is the first one. */
  readonly since: number;
  /** It waits until the operator replaces the node by it. */
  readonly waits: boolean;
}

/** Throws `SynodError` `config` for the first option that no register can run with; the message begins with its name. */
export function checkOptions({ self, members }: RegisterOptions): void {
  const seen = new Set(members);
  if (seen.has('any')) throw new SynodError('config', 'members: no node can be called "any"');
  if (seen.size !== members.length) throw new SynodError('config', 'members: a node stands twice');
  if (!seen.has(self)) throw new SynodError('config', `self: ${JSON.stringify(self)} is not a member`);
}
