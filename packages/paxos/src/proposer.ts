import { Quorum, quorumSize, type NodeId, type Random, type Time } from '@synod/kernel';
import type { Answers } from './answers.js';
import { Attempt } from './attempt.js';
import { compareBallots, sameBallot, type Ballot } from './ballot.js';
import { Ballots } from './ballots.js';
import { makeBlock, type Block, type ValueCodec } from './block.js';
import type { Chain } from './chain.js';
import type { Membership } from './membership.js';
import type { Accepted, Commit, Nack, PaxosMessage, Promise } from './messages.js';
import type { PaxosEffects, RoundEnd, Timing } from './options.js';
import { Patience, type Failure } from './patience.js';

/** What the proposer needs of the server it is part of. */
export interface ProposerContext<T> {
  readonly self: NodeId;
  readonly members: readonly NodeId[];
  readonly timing: Timing;
  readonly random: Random;
  readonly codec: ValueCodec<T>;
  readonly chain: Chain<T>;
  readonly answers: Answers;
  readonly membership: Pick<Membership<T>, 'wanted'>;
  /** May vote: a server that others may not know yet leads nothing either. */
  ready(): boolean;
  /** Connected and not known to be slow; self included. */
  responsive(): readonly NodeId[];
  /** This peer let a round wait in vain. */
  lagged(peer: NodeId): void;
  ended(end: RoundEnd, effects: PaxosEffects<T>, now: Time): void;
}

/**
 * The proposer: leads rounds while somebody wants one. Each attempt takes a new ballot and starts with phase 1.
 * (*Paxos Made Simple*, section 2.2; duels are settled by randomised exponential backoff, section 2.4.)
 */
export class Proposer<T> {
  readonly #context: ProposerContext<T>;
  readonly #ballots: Ballots<T>;
  readonly #patience: Patience;
  #wanted: { gather: readonly NodeId[] | undefined } | undefined;
  #attempt: Attempt<T> | undefined;
  #attempts = 0;
  #lostDuels = 0;
  #waitUntil: Time | undefined;
  /** A ballot of somebody else for the open height, whose outcome we give time. */
  #foreign: { readonly ballot: Ballot; readonly until: Time } | undefined;

  constructor(context: ProposerContext<T>) {
    this.#context = context;
    this.#ballots = new Ballots(context.self);
    this.#patience = new Patience(context.answers, context.timing);
  }

  recoverRound(round: number): void {
    this.#ballots.recover(round);
  }

  /** Somebody waits for a round that this server leads. */
  get wants(): boolean {
    return this.#wanted !== undefined;
  }

  /** How many attempts have started. A later attempt sees all that happened before it. */
  get attempts(): number {
    return this.#attempts;
  }

  get leading(): { readonly ballot: Ballot; readonly phase: 'prepare' | 'accept' } | undefined {
    return this.#attempt && { ballot: this.#attempt.ballot, phase: this.#attempt.phase };
  }

  get highestSeen(): Ballot {
    return this.#ballots.highestSeen;
  }

  /**
   * Asks for a round, once: after every end, and every block, who still needs one asks again. While an attempt runs
   * nothing starts; its end is the moment to ask.
   */
  want(gather: readonly NodeId[] | undefined, effects: PaxosEffects<T>, now: Time): void {
    if (!this.#wanted) this.#patience.begin(now);
    this.#wanted = { gather: gather ?? this.#wanted?.gather };
    this.startIfIdle(effects, now);
  }

  /** Starts what is wanted, unless it is under way or waits for its time. Called when the server begins to take part. */
  startIfIdle(effects: PaxosEffects<T>, now: Time): void {
    if (this.#wanted && !this.#attempt && this.#waitUntil === undefined) this.#start(effects, now);
  }

  /** Remembers a ballot, so that the next own one is above it. */
  saw(ballot: Ballot): void {
    this.#ballots.saw(ballot);
  }

  /** Somebody else leads a round for the open height: give it one round's time, once, before the next own attempt. */
  yieldTo(ballot: Ballot, now: Time): void {
    if (ballot.server === this.#context.self) return;
    if (this.#foreign && compareBallots(ballot, this.#foreign.ballot) <= 0) return;
    this.#foreign = { ballot, until: now + this.#context.timing.roundTimeoutMs };
  }

  /** The round of `ballot` ended without a block. */
  withdrawn(ballot: Ballot, now: Time): void {
    if (!this.#foreign || !sameBallot(this.#foreign.ballot, ballot)) return;
    this.#foreign = undefined;
    if (this.#waitUntil !== undefined) this.#waitUntil = now + this.#backoff();
  }

  /**
   * A block was committed: an attempt for its height is over, and so is every wait. `message`: what told of it, if it may
   * be another server's turn; that one gets a short time to begin.
   */
  advanced(now: Time, message?: Commit): void {
    if (this.#wanted) this.#patience.interrupt(now);
    const { self, timing } = this.#context;
    const waits = message?.next !== undefined && message.next !== self;
    this.#foreign = waits ? { ballot: message.ballot, until: now + timing.turnMs } : undefined;
    this.#reset();
  }

  /** If it is this server's turn, but the block was all it waited for: nobody needs to wait for it. */
  passTurn({ ballot, height, next }: Commit, effects: PaxosEffects<T>): void {
    if (next === this.#context.self && !this.wants) this.#tellOthers({ type: 'withdraw', ballot, height }, effects);
  }

  promised(from: NodeId, message: Promise<T>, effects: PaxosEffects<T>, now: Time): void {
    const attempt = this.#attempt;
    if (attempt?.phase !== 'prepare' || !attempt.matches(message) || !attempt.heard.add(from)) return;
    attempt.promises.set(from, message);
    if (!attempt.heard.reached) return;
    if (attempt.missing(attempt.gather ?? this.#context.responsive()).length === 0) {
      return this.#propose(attempt, effects, now);
    }
    if (!attempt.gather) attempt.gatheredAt ??= now + this.#context.timing.gatherMs;
  }

  /**
   * What a quorum has durably accepted is chosen, whatever this server writes: all hear of it at once, itself too, and
   * all make it durable at the same time.
   */
  accepted(from: NodeId, message: Accepted, effects: PaxosEffects<T>): void {
    const attempt = this.#attempt;
    if (attempt?.proposal === undefined || !attempt.matches(message) || !attempt.heard.add(from)) return;
    if (!attempt.heard.reached || attempt.chosen) return;
    attempt.chosen = true;
    const { ballot, height, proposal } = attempt;
    const next = this.#turnAfter(attempt);
    effects.toAll(this.#context.members, { type: 'commit', ballot, height, hash: proposal.block.hash, next });
  }

  /** Its own Commit arrived: returns the block and how the round ends; undefined if that attempt is over. */
  chosen(message: Commit): { readonly block: Block<T>; readonly end: RoundEnd } | undefined {
    const attempt = this.#attempt;
    if (!attempt?.chosen || attempt.proposal === undefined || !attempt.matches(message)) return undefined;
    this.#lostDuels = 0;
    const { block, fresh, more } = attempt.proposal;
    return { block, end: fresh ? { kind: 'fresh', attempt: attempt.number, more } : { kind: 'other' } };
  }

  /** A refusal ends the attempt: its ballot is beaten. (A refusal for height arrives as blocks, see `advanced`.) */
  refused(message: Nack<T>, now: Time): void {
    if (!this.#attempt?.matches(message) || this.#attempt.chosen) return;
    this.#attempt = undefined;
    this.#waitUntil = now;
    if (message.promisedFor <= this.#context.chain.height) return; // that ballot is history: nobody to wait for
    this.yieldTo(message.promised, now);
    this.#lostDuels++;
    this.#waitUntil += this.#backoff();
  }

  wake(effects: PaxosEffects<T>, now: Time): void {
    const attempt = this.#attempt;
    if (!this.#wanted || attempt?.chosen) return;
    const failure = this.#failure();
    if (now >= failure.at) return this.#end(failure.end(now), effects, now);
    if (attempt) return this.#wakeAttempt(attempt, effects, now);
    if (this.#waitUntil === undefined || now < this.#waitUntil) return;
    this.#waitUntil = undefined;
    this.#start(effects, now);
  }

  get wakeAt(): Time | undefined {
    if (!this.#wanted || this.#attempt?.chosen) return undefined;
    const next = this.#attempt ? this.#attempt.wakeAt : this.#waitUntil;
    return Math.min(next ?? Number.POSITIVE_INFINITY, this.#failure().at);
  }

  #failure(): Failure {
    const gather = this.#attempt ? this.#attempt.gather : this.#wanted?.gather;
    return this.#patience.failure(gather && (this.#attempt?.missing(gather) ?? gather));
  }

  #start(effects: PaxosEffects<T>, now: Time): void {
    const { timing, members, chain } = this.#context;
    const gather = this.#wanted?.gather;
    if (gather && new Set(gather).size < quorumSize(members.length)) {
      return this.#end({ kind: 'no-quorum' }, effects, now);
    }
    if (!this.#context.ready()) return;
    const yieldUntil = Math.min(this.#foreign?.until ?? now, this.#patience.at + timing.roundTimeoutMs);
    if (now < yieldUntil) {
      this.#waitUntil = yieldUntil + this.#backoff();
      return;
    }
    const ballot = this.#ballots.next(effects);
    this.#attempt = new Attempt({
      number: ++this.#attempts,
      ballot,
      height: chain.height + 1,
      gather,
      members,
      now,
      resendMs: timing.resendMs,
    });
    effects.toAll(members, { type: 'prepare', ballot, height: this.#attempt.height });
  }

  #propose(attempt: Attempt<T>, effects: PaxosEffects<T>, now: Time): void {
    const { chain, codec, members, membership } = this.#context;
    const chosen = attempt.chooseValue((owner) => chain.committedSequence(owner), membership.wanted);
    if (!chosen) {
      return this.#end({ kind: 'empty', attempt: attempt.number }, effects, now);
    }
    const { ballot, height } = attempt;
    if (chosen.kind === 'accepted') attempt.proposal = { block: chosen.block, fresh: false, more: false };
    else {
      const { entries, change, more } = chosen;
      const content = { height, previous: chain.hash, ballot, entries, ...(change && { change }) };
      attempt.proposal = { block: makeBlock(content, codec), fresh: true, more };
    }
    attempt.heard = new Quorum(members);
    attempt.sent(now);
    attempt.gatheredAt = undefined;
    this.#patience.renew(now);
    effects.toAll(members, { type: 'accept', ballot, height, block: attempt.proposal.block });
  }

  #wakeAttempt(attempt: Attempt<T>, effects: PaxosEffects<T>, now: Time): void {
    const { members } = this.#context;
    if (attempt.gatheredAt !== undefined && now >= attempt.gatheredAt) {
      for (const peer of attempt.missing(this.#context.responsive())) this.#context.lagged(peer);
      return this.#propose(attempt, effects, now);
    }
    if (now < attempt.resendAt) return;
    attempt.resent(now);
    const { ballot, height, proposal } = attempt;
    effects.toAll(
      attempt.missing(members),
      proposal ? { type: 'accept', ballot, height, block: proposal.block } : { type: 'prepare', ballot, height },
    );
  }

  /** Ends without a block, and says so: nobody needs to wait for this ballot. */
  #end(end: RoundEnd, effects: PaxosEffects<T>, now: Time): void {
    if (this.#attempt) {
      const { ballot, height } = this.#attempt;
      this.#tellOthers({ type: 'withdraw', ballot, height }, effects);
    }
    this.#reset();
    this.#context.ended(end, effects, now);
  }

  /** Of those who waited for a round when they promised, the first after this server, around the circle of all. */
  #turnAfter({ promises }: Attempt<T>): NodeId | undefined {
    const { members, self } = this.#context;
    const at = members.indexOf(self);
    return [...members.slice(at + 1), ...members.slice(0, at)].find((member) => promises.get(member)?.wants);
  }

  #reset(): void {
    this.#attempt = undefined;
    this.#wanted = undefined;
    this.#waitUntil = undefined;
  }

  #tellOthers(message: PaxosMessage<T>, effects: PaxosEffects<T>): void {
    const { members, self } = this.#context;
    effects.toAll(
      members.filter((member) => member !== self),
      message,
    );
  }

  #backoff(): number {
    const { timing, random } = this.#context;
    return random() * Math.min(timing.backoffMs * 2 ** this.#lostDuels, timing.backoffMaxMs);
  }
}
