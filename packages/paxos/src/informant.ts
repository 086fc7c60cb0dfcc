import { invariant, type NodeId, type Time } from '@synod/kernel';
import { answerToFetch } from './answer-to-fetch.js';
import { compareBallots } from './ballot.js';
import type { CatchUp } from './catch-up.js';
import type { Fetch, Status } from './messages.js';
import type { ConsensusOptions, Limits, PaxosEffects } from './options.js';
import type { Lasting } from './recovery.js';

/** What is told, and who asks for what it does not know. */
interface InformantContext<T> extends Lasting<T> {
  readonly options: Pick<ConsensusOptions<T>, 'application'>;
  readonly limits: Limits;
  readonly catchUp: CatchUp<T>;
}

/** Tells peers where this server's chain stands and what it holds, and notices who stands elsewhere. */
export class Informant<T> {
  readonly #context: InformantContext<T>;

  constructor(context: InformantContext<T>) {
    this.#context = context;
  }

  status(): Status {
    const { chain, acceptor, proposer } = this.#context;
    const seen = proposer.highestSeen;
    const { promised } = acceptor;
    const ballot = compareBallots(seen, promised) > 0 ? seen : promised;
    return { type: 'status', ballot, height: chain.height, hash: chain.hash };
  }

  compare(from: NodeId, { ballot, height, hash }: Status, effects: PaxosEffects<T>, now: Time): void {
    const { chain, catchUp } = this.#context;
    if (height > chain.height) return catchUp.fetch(from, height, ballot, effects, now);
    if (height < chain.height) return effects.to(from, this.status());
    invariant(hash === chain.hash, `${from} holds another block at height ${height}: ${hash}, ours ${chain.hash}`);
  }

  answer(from: NodeId, fetch: Fetch, effects: PaxosEffects<T>): void {
    const { chain, membership, limits, options, acceptor } = this.#context;
    const { application } = options;
    effects.to(from, answerToFetch(fetch, { chain, membership, limits, application }, acceptor.promised));
  }

  /** Sends old blocks to who skipped them. */
  recall(to: NodeId, height: number, effects: PaxosEffects<T>): void {
    const { chain, limits, acceptor } = this.#context;
    const blocks = chain.pageDown(height, limits.pageEntries);
    effects.to(to, { type: 'history', ballot: acceptor.promised, height, blocks });
  }
}
