import { quorumSize, type NodeId, type Time } from '@synod/kernel';
import type { PaxosMessage } from './messages.js';

/**
 * When each server last answered a request of this one. Only an answer shows that both directions work: a link that
 * is up, or a message that arrives, may be one half of a connection whose other half is dead.
 */
export class Answers {
  readonly #self: NodeId;
  readonly #othersNeeded: number;
  readonly #at = new Map<NodeId, Time>();
  /** Worked out when somebody is heard: it is asked for far more often. */
  #quorum: Time;

  constructor(self: NodeId, members: readonly NodeId[]) {
    this.#self = self;
    this.#othersNeeded = quorumSize(members.length) - 1;
    this.#quorum = this.#othersNeeded === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  heard(from: NodeId, now: Time): void {
    this.#at.set(from, now);
    if (from === this.#self || this.#othersNeeded === 0) return;
    const times = [...this.#at].filter(([node]) => node !== this.#self).map(([, at]) => at);
    this.#quorum = times.sort((a, b) => b - a)[this.#othersNeeded - 1] ?? this.#quorum;
  }

  /** When `node` last answered; -Infinity if never in this life. */
  last(node: NodeId): Time {
    return this.#at.get(node) ?? Number.NEGATIVE_INFINITY;
  }

  /** Since when a quorum, self included, has answered; -Infinity if none has. A server alone is its own quorum. */
  quorum(): Time {
    return this.#quorum;
  }
}

/** What a server sends only when it was asked something. */
export function isAnswer({ type }: PaxosMessage<unknown>): boolean {
  return type === 'promise' || type === 'nack' || type === 'accepted' || type === 'fetch';
}
