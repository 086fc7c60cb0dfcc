import { quorumSize, type NodeId } from '@synod/kernel';
import type { ReplicaReply } from './protocol.js';
import { compareTimestamps } from './timestamp.js';

/**
 * A read by somebody who is no replica: asks the replicas of a register itself and needs a majority that agrees. It is the
 * read phase of the algorithm (Cachin, Guerraoui, Rodrigues, algorithms 4.6 and 4.7), and it is all that a read takes when
 * every reply has the same timestamp: then a majority holds that value durably, which is what the write phase is for.
 * Where replies differ, a replica must be asked to read.
 *
 * Each consultation is for one read and takes the replies to its own questions only: asked after the read began.
 */
export class Consultation {
  readonly #heard: NodeId[] = [];
  #first: ReplicaReply | undefined;
  #differs = false;

  /** `from` is asked once. */
  add(from: NodeId, reply: ReplicaReply): void {
    this.#first ??= reply;
    if (this.#heard.includes(from) || !agree(this.#first, reply)) this.#differs = true;
    else this.#heard.push(from);
  }

  /** Further replies do not help. */
  get differs(): boolean {
    return this.#differs;
  }

  /** A majority of those whom the replies themselves name agrees. */
  get agrees(): boolean {
    return this.#first !== undefined && !this.#differs && this.#heard.length >= quorumSize(this.#first.replicas);
  }
}

/** Of the same replicas, with the same disks, and with the same write. */
function agree(one: ReplicaReply, other: ReplicaReply): boolean {
  if (one.basis !== other.basis || one.replicas !== other.replicas) return false;
  if (!one.timestamp || !other.timestamp) return one.timestamp === other.timestamp;
  return compareTimestamps(one.timestamp, other.timestamp) === 0;
}
