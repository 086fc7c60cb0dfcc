import { compareNatural, SynodError, type NodeId } from '@synod/kernel';
import type { Replication } from './options.js';

/** The distinct nodes among writer and readers of a register. Quorums are majorities of all of them. */
export interface ReplicaSet {
  /** Names it in the records of this node, from 1. */
  readonly number: number;
  /** A node, or `any`. */
  readonly writer: NodeId;
  /** In natural order: the same array for all sets of the same nodes. */
  readonly replicas: readonly NodeId[];
  /** The replicas without this node. */
  readonly others: readonly NodeId[];
  /** This node is one of the replicas. */
  readonly isHere: boolean;
}

/** Knows each replica set once, whatever the number of its registers, by a number that records can hold. */
export class ReplicaSets {
  readonly #self: NodeId;
  readonly #members: ReadonlySet<NodeId>;
  readonly #byNumber = new Map<number, ReplicaSet>();
  readonly #byContent = new Map<string, ReplicaSet>();
  /** Configurations return the same object for many keys. */
  readonly #byReplication = new WeakMap<Replication, ReplicaSet>();
  readonly #byReplicas = new Map<string, readonly NodeId[]>();
  #lastNumber = 0;

  constructor(self: NodeId, members: readonly NodeId[]) {
    this.#self = self;
    this.#members = new Set(members);
  }

  /** A set as a record holds it. */
  recover(number: number, replication: Replication): void {
    this.#add(number, replication);
  }

  numbered(number: number): ReplicaSet {
    const set = this.#byNumber.get(number);
    if (!set) throw new SynodError('corrupt', `stored record is damaged: no replica set has number ${number}`);
    return set;
  }

  /** The set of a register as the configuration has it; `key` is for the complaint. */
  of(key: string, replication: Replication): ReplicaSet {
    let set = this.#byReplication.get(replication);
    if (set) return set;
    set = this.#byContent.get(contentOf(replication)) ?? this.#add(this.#lastNumber + 1, replication);
    const stranger = set.isHere ? set.others.find((node) => !this.#members.has(node)) : undefined;
    if (stranger !== undefined) {
      throw new SynodError('config', `members: ${stranger}, a replica of ${JSON.stringify(key)}, is not among them`);
    }
    this.#byReplication.set(replication, set);
    return set;
  }

  #add(number: number, replication: Replication): ReplicaSet {
    const replicas = this.#sameArray(replicasOf(replication));
    const others = replicas.filter((node) => node !== this.#self);
    const set = { number, writer: replication.writer, replicas, others, isHere: others.length < replicas.length };
    this.#lastNumber = Math.max(this.#lastNumber, number);
    this.#byNumber.set(number, set);
    this.#byContent.set(contentOf(replication), set);
    return set;
  }

  #sameArray(replicas: readonly NodeId[]): readonly NodeId[] {
    const name = JSON.stringify(replicas);
    const same = this.#byReplicas.get(name) ?? replicas;
    this.#byReplicas.set(name, same);
    return same;
  }
}

export function showReplicaSet({ writer, replicas }: ReplicaSet): string {
  return `writer ${writer}, replicas ${replicas.join(' ')}`;
}

/** Who holds it, in natural order. */
export function replicasOf({ writer, replicas }: Replication): NodeId[] {
  return [...new Set(writer === 'any' ? replicas : [writer, ...replicas])].sort(compareNatural);
}

function contentOf(replication: Replication): string {
  return JSON.stringify([replication.writer, replicasOf(replication)]);
}
