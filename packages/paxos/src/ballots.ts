import type { NodeId } from '@synod/kernel';
import { compareBallots, noBallot, type Ballot } from './ballot.js';
import type { PaxosEffects } from './options.js';
import { paxosKeys } from './records.js';

/**
 * So many round numbers are made durable at a time, ahead of their use: then few attempts wait for a write of their own
 * before they ask. A restart passes over those that were not used.
 */
const roundsAhead = 100;

/** The ballots of one server: each is above all that it has issued, in this life or before, and all that it has seen. */
export class Ballots<T> {
  readonly #self: NodeId;
  /** The highest round this server made a ballot with; never used again. */
  #issued = 0;
  /** Up to this round it may make ballots: that is durable before a ballot is sent, and a restart goes on above it. */
  #reserved = 0;
  #highestSeen: Ballot = noBallot;

  constructor(self: NodeId) {
    this.#self = self;
  }

  recover(round: number): void {
    this.#issued = round;
    this.#reserved = round;
  }

  get highestSeen(): Ballot {
    return this.#highestSeen;
  }

  saw(ballot: Ballot): void {
    if (compareBallots(ballot, this.#highestSeen) > 0) this.#highestSeen = ballot;
  }

  next(effects: PaxosEffects<T>): Ballot {
    this.#issued = Math.max(this.#issued, this.#highestSeen.round) + 1;
    const ballot = { round: this.#issued, server: this.#self };
    this.saw(ballot);
    if (this.#issued > this.#reserved) {
      this.#reserved = this.#issued + roundsAhead - 1;
      effects.put(paxosKeys.round, { kind: 'round', round: this.#reserved });
    }
    return ballot;
  }
}
