import { invariant, type Reach, type Time } from '@synod/kernel';
import type { Acceptor } from './acceptor.js';
import type { Acquaintance } from './acquaintance.js';
import type { Block } from './block.js';
import type { Chain } from './chain.js';
import type { LocalLog } from './local-log.js';
import type { Membership } from './membership.js';
import type { Commit, Snapshot, Status } from './messages.js';
import type { ConsensusOptions, PaxosEffects, RoundEnd } from './options.js';
import type { Proposer } from './proposer.js';
import { paxosKeys } from './records.js';
import type { Lasting } from './recovery.js';

/** The parts of a server that change when its chain grows. */
interface LearnerContext<T> extends Lasting<T> {
  readonly options: ConsensusOptions<T>;
  readonly reach: Reach;
  readonly status: () => Status;
}

/** The learner: makes the chain grow, by a block or by a snapshot of many, each with all that follows from it in one durable write. */
export class Learner<T> {
  readonly #options: ConsensusOptions<T>;
  readonly #chain: Chain<T>;
  readonly #log: LocalLog<T>;
  readonly #acceptor: Acceptor<T>;
  readonly #proposer: Proposer<T>;
  readonly #membership: Membership<T>;
  readonly #acquaintance: Acquaintance<T>;
  readonly #reach: Reach;
  readonly #status: () => Status;

  constructor(context: LearnerContext<T>) {
    this.#options = context.options;
    this.#chain = context.chain;
    this.#log = context.log;
    this.#acceptor = context.acceptor;
    this.#proposer = context.proposer;
    this.#membership = context.membership;
    this.#acquaintance = context.acquaintance;
    this.#reach = context.reach;
    this.#status = context.status;
  }

  /**
   * Goes on from a snapshot, in one atomic durable write, as if all the blocks below had been appended: what was
   * accepted is history, the promise stays, and exactly what the chain holds leaves the local log. The accepted block
   * may be the chosen one, and on few disks: it is kept aside until its height is filled in.
   */
  skip(snapshot: Snapshot, effects: PaxosEffects<T>, now: Time): void {
    if (snapshot.height <= this.#chain.height) return;
    const changed = this.#membership.adopt(snapshot.members, effects);
    this.tell(changed);
    // Then the chain holds entries of another disk of this name, which this one can not tell from its own.
    if (this.#acquaintance.replaced) return this.ended({ kind: 'other' }, effects, now);
    const { accepted } = this.#acceptor;
    if (accepted) effects.put(paxosKeys.overtaken(accepted.block.height), { kind: 'accepted', ...accepted });
    this.#chain.skipTo(snapshot, effects);
    const own = this.#log.removeUpTo(this.#chain.committedSequence(this.#options.self), effects);
    this.#acceptor.forget(effects);
    this.#proposer.advanced(now);
    this.#options.application.adopt(snapshot.state, own, snapshot.height, effects, now);
    this.ended({ kind: 'other' }, effects, now);
  }

  /** Appends the blocks that come next, in order; what is known already is passed over. */
  adopt(blocks: readonly Block<T>[], effects: PaxosEffects<T>, now: Time): void {
    const before = this.#chain.height;
    for (const block of blocks) {
      if (block.height <= this.#chain.height) continue;
      if (block.height > this.#chain.height + 1 || this.#acquaintance.replaced) break;
      invariant(this.#chain.fits(block), `committed block ${block.height} does not continue our chain`);
      this.#append(block, effects, now);
    }
    if (this.#chain.height > before) this.ended({ kind: 'other' }, effects, now);
  }

  commit(block: Block<T>, end: RoundEnd, message: Commit, effects: PaxosEffects<T>, now: Time): void {
    this.#append(block, effects, now, message);
    this.ended(end, effects, now);
  }

  /** Who still wants something asks again: the application by itself, a change here. */
  ended(end: RoundEnd, effects: PaxosEffects<T>, now: Time): void {
    const { replaced } = this.#acquaintance;
    if (replaced) {
      effects.to(this.#options.self, this.#status());
      return this.#options.application.ended({ kind: 'replaced', error: replaced }, effects, now);
    }
    if (end.kind === 'no-quorum') this.#membership.giveUp();
    this.#options.application.ended(end, effects, now);
    if (this.#membership.wanted) this.#proposer.want(undefined, effects, now);
  }

  /** One atomic durable write: the block, what it changes, and exactly its entries out of the local log. */
  #append(block: Block<T>, effects: PaxosEffects<T>, now: Time, message?: Commit): void {
    this.#chain.append(block, effects);
    if (this.#acquaintance.waits) this.#log.passOver(block.entries);
    else this.#log.remove(block.entries, effects);
    this.#acceptor.forget(effects);
    this.#proposer.advanced(now, message);
    this.#options.application.apply(block, effects, now);
    if (!block.change) return;
    // From the next height on a server is another. A replacement votes for no height up to this one, and the disk before
    // it for none above: whoever waits here has not voted, and whoever is replaced stops in this very step.
    const { waits } = this.#acquaintance;
    const last = this.#chain.committedSequence(block.change.server);
    const member = this.#membership.apply(block, block.change, last, effects);
    this.#acquaintance.changed(effects);
    this.tell([[block.change.server, member]]);
    if (waits && this.#acquaintance.ready) effects.toAll(this.#reach.linked, this.#status());
  }

  /** Who is at the other end of a link may be another. */
  tell(members: Snapshot['members']): void {
    this.#options.onDisk?.(this.#acquaintance.own);
    for (const [server, member] of members) this.#options.onMember?.(server, member);
  }
}
