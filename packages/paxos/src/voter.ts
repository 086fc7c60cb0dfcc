import { invariant, type NodeId, type Time } from '@synod/kernel';
import type { Ballot } from './ballot.js';
import type { CatchUp } from './catch-up.js';
import type { Accept, Prepare } from './messages.js';
import type { ConsensusOptions, Limits, PaxosEffects } from './options.js';
import type { Lasting } from './recovery.js';

interface VoterContext<T> extends Lasting<T> {
  readonly options: Pick<ConsensusOptions<T>, 'self' | 'application'>;
  readonly limits: Limits;
  readonly catchUp: CatchUp<T>;
}

/** How a server votes: as its acceptor says, for the one height that is open, with its local log in each promise. */
export class Voter<T> {
  readonly #context: VoterContext<T>;

  constructor(context: VoterContext<T>) {
    this.#context = context;
  }

  prepare(from: NodeId, message: Prepare, effects: PaxosEffects<T>, now: Time): void {
    const { options, limits, log: own, acceptor, proposer } = this.#context;
    const { ballot, height } = message;
    if (!this.#isOpen(from, height, ballot, effects, now)) return;
    if (!acceptor.prepare(message, effects)) return this.#refuse(from, ballot, height, effects);
    proposer.yieldTo(ballot, now);
    const { accepted } = acceptor;
    if (!accepted) options.application.promising?.(effects);
    const { log, more } = accepted ? { log: [], more: false } : own.page(limits.gatherEntries);
    const wants = from !== options.self && proposer.wants;
    effects.to(from, { type: 'promise', ballot, height, accepted, log, more, wants });
  }

  accept(from: NodeId, message: Accept<T>, effects: PaxosEffects<T>, now: Time): void {
    const { chain, acceptor, proposer } = this.#context;
    const { ballot, height } = message;
    if (!this.#isOpen(from, height, ballot, effects, now)) return;
    invariant(chain.fits(message.block), `${from} proposes a block that does not continue our chain`);
    if (!acceptor.accept(message, effects)) return this.#refuse(from, ballot, height, effects);
    proposer.yieldTo(ballot, now);
    effects.to(from, { type: 'accepted', ballot, height });
  }

  /** A server votes only for its own committed height + 1: below it sends the blocks, above it catches up first. */
  #isOpen(from: NodeId, height: number, ballot: Ballot, effects: PaxosEffects<T>, now: Time): boolean {
    const { chain, catchUp } = this.#context;
    if (height > chain.height + 1) {
      catchUp.fetch(from, height - 1, ballot, effects, now);
      return false;
    }
    if (height <= chain.height) {
      this.#refuse(from, ballot, height, effects);
      return false;
    }
    return true;
  }

  #refuse(to: NodeId, ballot: Ballot, height: number, effects: PaxosEffects<T>): void {
    const { acceptor, chain, limits } = this.#context;
    effects.to(to, {
      type: 'nack',
      ballot,
      height,
      promised: acceptor.promised,
      promisedFor: acceptor.promisedFor,
      committed: chain.height,
      blocks: chain.page(height, limits.pageEntries),
    });
  }
}
