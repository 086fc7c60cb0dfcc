import { Quorum, quorumSize, type NodeId, type Random, type Time } from '@synod/kernel';
import { Attempt } from './attempt.js';
import { compareBallots, noBallot, type Ballot } from './ballot.js';
import { makeBlock, type Block, type ValueCodec } from './block.js';
import type { Chain } from './chain.js';
import type { Accepted, Nack, PaxosMessage, Promise } from './messages.js';
import type { PaxosEffects, RoundEnd, Timing } from './options.js';
import { paxosKeys } from './records.js';

/** What the proposer needs of the server it is part of. */
export interface ProposerContext<T> {
  readonly self: NodeId;
  readonly members: readonly NodeId[];
  readonly timing: Timing;
  readonly random: Random;
  readonly codec: ValueCodec<T>;
  readonly chain: Chain<T>;
  /** Connected and not known to be slow; self included. */
  responsive(): readonly NodeId[];
  /** Whether a quorum, self included, has been heard from since `time`. */
  heardQuorumSince(time: Time): boolean;
  /** This peer let a round wait in vain. */
  lagged(peer: NodeId): void;
  /** The block is chosen. */
  chosen(block: Block<T>, end: RoundEnd, effects: PaxosEffects<T>, now: Time): void;
  ended(end: RoundEnd, effects: PaxosEffects<T>, now: Time): void;
}

/**
 * The proposer: leads rounds while somebody wants one. Each attempt takes a new ballot and starts with phase 1.
 * (*Paxos Made Simple*, section 2.2; duels are settled by randomised exponential backoff, section 2.4.)
 */
export class Proposer<T> {
  readonly #context: ProposerContext<T>;
  /** The highest round this server made a ballot with; durable before the ballot is sent, so never used again. */
  #issued = 0;
  #highestSeen: Ballot = noBallot;
  #wanted: { gather: readonly NodeId[] | undefined } | undefined;
  #attempt: Attempt<T> | undefined;
  #attempts = 0;
  #lostDuels = 0;
  #waitUntil: Time | undefined;
  /** A ballot of somebody else for the open height, whose outcome we give time. */
  #foreign: { readonly ballot: Ballot; readonly until: Time } | undefined;
  #wantedSince: Time = 0;

  constructor(context: ProposerContext<T>) {
    this.#context = context;
  }

  recoverRound(round: number): void {
    this.#issued = round;
  }

  /** How many attempts have started. A later attempt sees all that happened before it. */
  get attempts(): number {
    return this.#attempts;
  }

  get leading(): { readonly ballot: Ballot; readonly phase: 'prepare' | 'accept' } | undefined {
    return this.#attempt && { ballot: this.#attempt.ballot, phase: this.#attempt.phase };
  }

  get highestSeen(): Ballot {
    return this.#highestSeen;
  }

  /**
   * Asks for a round, once: after every end, and every block, who still needs one asks again. While an attempt runs
   * nothing starts; its end is the moment to ask.
   */
  want(gather: readonly NodeId[] | undefined, effects: PaxosEffects<T>, now: Time): void {
    if (!this.#wanted) this.#wantedSince = now;
    this.#wanted = { gather: gather ?? this.#wanted?.gather };
    if (this.#attempt === undefined && this.#waitUntil === undefined) this.#start(effects, now);
  }

  /** Remembers a ballot, so that the next own one is above it. */
  saw(ballot: Ballot): void {
    if (compareBallots(ballot, this.#highestSeen) > 0) this.#highestSeen = ballot;
  }

  /** Somebody else leads a round for the open height: give it one round's time before the next own attempt. */
  yieldTo(ballot: Ballot, now: Time): void {
    this.saw(ballot);
    if (ballot.server === this.#context.self) return;
    this.#foreign = { ballot, until: now + this.#context.timing.roundTimeoutMs };
  }

  /** The round of `ballot` ended without a block. */
  withdrawn(ballot: Ballot, now: Time): void {
    if (!this.#foreign || compareBallots(this.#foreign.ballot, ballot) !== 0) return;
    this.#foreign = undefined;
    if (this.#waitUntil !== undefined) this.#waitUntil = now + this.#backoff();
  }

  /** A block was committed: an attempt for its height is over, and so is every wait. */
  advanced(): void {
    this.#foreign = undefined;
    this.#reset();
  }

  promised(from: NodeId, message: Promise<T>, effects: PaxosEffects<T>, now: Time): void {
    const attempt = this.#attempt;
    if (attempt?.phase !== 'prepare' || !attempt.matches(message) || !attempt.heard.add(from)) return;
    attempt.promises.set(from, message);
    attempt.progressAt = now;
    if (!attempt.heard.reached) return;
    attempt.gatherUntil ??= now + this.#context.timing.gatherMs;
    if (attempt.missing(attempt.gather ?? this.#context.responsive()).length === 0)
      this.#propose(attempt, effects, now);
  }

  accepted(from: NodeId, message: Accepted, effects: PaxosEffects<T>, now: Time): void {
    const attempt = this.#attempt;
    if (attempt?.proposal === undefined || !attempt.matches(message) || !attempt.heard.add(from)) return;
    attempt.progressAt = now;
    if (!attempt.heard.reached) return;
    this.#lostDuels = 0;
    const { block, fresh, more } = attempt.proposal;
    const end: RoundEnd = fresh ? { kind: 'fresh', attempt: attempt.number, more } : { kind: 'other' };
    this.#tellOthers({ type: 'commit', ballot: attempt.ballot, height: attempt.height, hash: block.hash }, effects);
    this.#context.chosen(block, end, effects, now);
  }

  /** A refusal ends the attempt: its ballot is beaten. (A refusal for height arrives as blocks, see `advanced`.) */
  refused(message: Nack<T>, now: Time): void {
    this.saw(message.promised);
    const attempt = this.#attempt;
    if (!attempt?.matches(message)) return;
    this.#attempt = undefined;
    const stillOpen = message.promisedFor > this.#context.chain.height;
    if (stillOpen) this.yieldTo(message.promised, now);
    this.#lostDuels++;
    this.#waitUntil = now + (stillOpen ? this.#backoff() : 0);
  }

  wake(effects: PaxosEffects<T>, now: Time): void {
    const attempt = this.#attempt;
    if (attempt) return this.#wakeAttempt(attempt, effects, now);
    if (this.#waitUntil === undefined || now < this.#waitUntil) return;
    this.#waitUntil = undefined;
    const since = now - this.#context.timing.noQuorumMs;
    if (this.#wantedSince <= since && !this.#context.heardQuorumSince(since)) {
      return this.#end({ kind: 'no-quorum' }, effects, now);
    }
    this.#start(effects, now);
  }

  get wakeAt(): Time | undefined {
    const attempt = this.#attempt;
    if (!attempt) return this.#waitUntil;
    const times = [attempt.resendAt, attempt.progressAt + this.#context.timing.noQuorumMs];
    if (attempt.gather && !attempt.proposal) times[1] = attempt.startedAt + this.#context.timing.silentMs;
    else if (attempt.gatherUntil !== undefined && !attempt.proposal) times.push(attempt.gatherUntil);
    return Math.min(...times);
  }

  #start(effects: PaxosEffects<T>, now: Time): void {
    const { timing, members, chain, self } = this.#context;
    const gather = this.#wanted?.gather;
    if (gather && gather.length < quorumSize(members.length)) {
      return this.#end({ kind: 'no-quorum' }, effects, now);
    }
    if (this.#foreign && now < this.#foreign.until) {
      this.#waitUntil = this.#foreign.until + this.#backoff();
      return;
    }
    this.#issued = Math.max(this.#issued, this.#highestSeen.round) + 1;
    const ballot = { round: this.#issued, server: self };
    this.saw(ballot);
    effects.put(paxosKeys.round, { kind: 'round', round: this.#issued });
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
    const { chain, codec, members, timing } = this.#context;
    const chosen = attempt.chooseValue((owner) => chain.committedSequence(owner));
    if (!chosen) {
      this.#tellOthers({ type: 'withdraw', ballot: attempt.ballot, height: attempt.height }, effects);
      return this.#end({ kind: 'empty', attempt: attempt.number }, effects, now);
    }
    const { ballot, height } = attempt;
    attempt.proposal =
      chosen.kind === 'accepted'
        ? { block: chosen.block, fresh: false, more: false }
        : {
            block: makeBlock({ height, previous: chain.hash, ballot, entries: chosen.entries }, codec),
            fresh: true,
            more: chosen.more,
          };
    attempt.heard = new Quorum(members);
    attempt.resendAt = now + timing.resendMs;
    attempt.progressAt = now;
    effects.toAll(members, { type: 'accept', ballot, height, block: attempt.proposal.block });
  }

  #wakeAttempt(attempt: Attempt<T>, effects: PaxosEffects<T>, now: Time): void {
    const { timing, members } = this.#context;
    const preparing = attempt.phase === 'prepare';
    if (preparing && attempt.gather) {
      if (now >= attempt.startedAt + timing.silentMs) {
        return this.#end({ kind: 'silent', missing: attempt.missing(attempt.gather) }, effects, now);
      }
    } else if (preparing && attempt.gatherUntil !== undefined && now >= attempt.gatherUntil) {
      for (const peer of attempt.missing(this.#context.responsive())) this.#context.lagged(peer);
      return this.#propose(attempt, effects, now);
    } else if (now >= attempt.progressAt + timing.noQuorumMs) {
      return this.#end({ kind: 'no-quorum' }, effects, now);
    }
    if (now < attempt.resendAt) return;
    attempt.resendAt = now + timing.resendMs;
    const { ballot, height, proposal } = attempt;
    effects.toAll(
      attempt.missing(members),
      proposal ? { type: 'accept', ballot, height, block: proposal.block } : { type: 'prepare', ballot, height },
    );
  }

  #end(end: RoundEnd, effects: PaxosEffects<T>, now: Time): void {
    this.#reset();
    this.#context.ended(end, effects, now);
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
