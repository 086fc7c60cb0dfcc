import { Quorum, type NodeId, type OperationId, type Time } from '@synod/kernel';
import type { Cell } from './cell.js';
import type { ReplicaSet } from './replica-set.js';
import { compareTimestamps, isNewer } from './timestamp.js';

/** Who waits for an answer. */
export interface Operation {
  readonly id: OperationId;
  readonly arrived: Time;
}

export interface WriteOperation extends Operation {
  /** Undefined: a deletion. */
  readonly value: Uint8Array | undefined;
  readonly alone: boolean;
}

/** One phase: a question to replicas, and who has answered it. */
export interface Phase {
  /** Of its request. */
  readonly number: number;
  /** Undefined: a read phase. */
  readonly imposed: Cell | undefined;
  /** Each replica once, of the *whole* set. */
  readonly heard: Quorum;
  /** Who was asked. */
  asked: readonly NodeId[];
  sentAt: Time;
}

/**
 * One run of the algorithm for one register and all operations that joined before it began: a read phase, a write
 * phase, or one after the other.
 */
export class Round<O extends Operation> {
  readonly key: string;
  readonly set: ReplicaSet;
  /** In order of arrival. */
  readonly operations: O[];
  phase: Phase | undefined;
  #replies = 0;
  #highest: Cell | undefined;
  /** How many replies carried the highest timestamp. */
  #agreeing = 0;

  constructor(key: string, set: ReplicaSet, operations: O[]) {
    this.key = key;
    this.set = set;
    this.operations = operations;
  }

  /** A phase counts its own replies only, from none on. */
  enter(number: number, imposed: Cell | undefined, asked: readonly NodeId[], now: Time): void {
    if (imposed === undefined) {
      this.#replies = this.#agreeing = 0;
      this.#highest = undefined;
    }
    this.phase = { number, imposed, heard: new Quorum(this.set.replicas), asked, sentAt: now };
  }

  /** Takes in the cell of a reply that counts. */
  learn(cell: Cell | undefined): void {
    this.#replies++;
    if (cell && isNewer(cell, this.#highest)) {
      this.#highest = cell;
      this.#agreeing = 1;
    } else if (cell && compareTimestamps(cell, this.#highest!) === 0) {
      this.#agreeing++;
    }
  }

  /** Of the replies; undefined if none carried a cell. */
  get highest(): Cell | undefined {
    return this.#highest;
  }

  /** Every reply carried the highest timestamp: a quorum holds it, and no write phase is needed to make it so. */
  get isUnanimous(): boolean {
    return this.#highest === undefined || this.#agreeing === this.#replies;
  }
}
