import { invariant, Quorum, type NodeId, type Time } from '@synod/kernel';
import { compareBallots, sameBallot, type Ballot } from './ballot.js';
import type { Block, Change, Entry } from './block.js';
import type { Promise } from './messages.js';

/** So often the time until a phase is sent again doubles. */
const mostDoublings = 3;

/** One attempt of a proposer to get a block chosen: a ballot of its own, phase 1, then phase 2. */
export class Attempt<T> {
  readonly number: number;
  readonly ballot: Ballot;
  readonly height: number;
  /** Servers whose logs the block must gather; undefined: those in reach. */
  readonly gather: readonly NodeId[] | undefined;
  readonly promises = new Map<NodeId, Promise<T>>();
  /** Who answered the running phase. */
  heard: Quorum;
  /** Set in phase 1 when a quorum has promised: how long to wait for the rest that is in reach. */
  gatheredAt: Time | undefined;
  /** When the running phase is sent again. */
  resendAt: Time;
  #resends = 0;
  readonly #resendMs: number;
  /** Set in phase 2. */
  proposal: Proposal<T> | undefined;
  /** A quorum has accepted the proposal: the own Commit is under way, and nothing can fail any more. */
  chosen = false;

  constructor(fields: {
    number: number;
    ballot: Ballot;
    height: number;
    gather: readonly NodeId[] | undefined;
    members: readonly NodeId[];
    now: Time;
    resendMs: number;
  }) {
    this.number = fields.number;
    this.ballot = fields.ballot;
    this.height = fields.height;
    this.gather = fields.gather;
    this.#resendMs = fields.resendMs;
    this.resendAt = fields.now + fields.resendMs;
    this.heard = new Quorum(fields.members);
  }

  get phase(): 'prepare' | 'accept' {
    return this.proposal === undefined ? 'prepare' : 'accept';
  }

  get wakeAt(): Time {
    return Math.min(this.resendAt, this.gatheredAt ?? Number.POSITIVE_INFINITY);
  }

  /** A phase has begun: it is sent for the first time. */
  sent(now: Time): void {
    this.#resends = 0;
    this.resendAt = now + this.#resendMs;
  }

  /**
   * It is sent again, the next time after twice as long: a block of many transfers takes its time, and asking again and
   * again would make it longer.
   */
  resent(now: Time): void {
    this.#resends = Math.min(this.#resends + 1, mostDoublings);
    this.resendAt = now + this.#resendMs * 2 ** this.#resends;
  }

  /** Whether a reply belongs to the phase that runs. */
  matches(reply: { readonly ballot: Ballot; readonly height: number }): boolean {
    return reply.height === this.height && sameBallot(reply.ballot, this.ballot);
  }

  /** Those of `nodes` that have not answered the running phase. */
  missing(nodes: Iterable<NodeId>): NodeId[] {
    return [...nodes].filter((node) => !this.heard.has(node));
  }

  /**
   * P2c, the value rule: the accepted block of the highest ballot among the promises, unchanged. Only if there is
   * none, the gathered logs, and the change that is wanted. Undefined if there is nothing to propose.
   */
  chooseValue(committedSequence: (owner: NodeId) => number, change?: Change): ChosenValue<T> | undefined {
    let highest: { readonly ballot: Ballot; readonly block: Block<T> } | undefined;
    for (const { accepted } of this.promises.values()) {
      if (accepted && (!highest || compareBallots(accepted.ballot, highest.ballot) > 0)) highest = accepted;
    }
    if (highest) return { kind: 'accepted', block: highest.block };
    const entries: Entry<T>[] = [];
    let more = false;
    for (const [owner, promise] of this.promises) {
      more ||= promise.more;
      let next = committedSequence(owner) + 1;
      for (const entry of promise.log) {
        if (entry.sequence < next) continue;
        invariant(
          entry.owner === owner && entry.sequence === next,
          `${owner} contributed entry ${entry.sequence} of ${entry.owner} where its entry ${next} belongs`,
        );
        entries.push(entry);
        next++;
      }
    }
    if (entries.length === 0 && !change) return undefined;
    return { kind: 'fresh', entries, more, ...(change && { change }) };
  }
}

export type ChosenValue<T> =
  | { readonly kind: 'accepted'; readonly block: Block<T> }
  | {
      readonly kind: 'fresh';
      readonly entries: readonly Entry<T>[];
      readonly more: boolean;
      readonly change?: Change;
    };

/** What phase 2 asks to accept. `fresh`: made of gathered logs, not taken over from an earlier ballot. */
export interface Proposal<T> {
  readonly block: Block<T>;
  readonly fresh: boolean;
  readonly more: boolean;
}
