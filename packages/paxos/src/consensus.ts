import { invariant, Reach, type NodeId, type RecordReader, type Time } from '@synod/kernel';
import { Acceptor } from './acceptor.js';
import { Acquaintance } from './acquaintance.js';
import { Answers, isAnswer } from './answers.js';
import { compareBallots, type Ballot } from './ballot.js';
import type { Block, Change, Entry } from './block.js';
import { Backfill } from './backfill.js';
import { CatchUp } from './catch-up.js';
import { answerToFetch } from './answer-to-fetch.js';
import { Chain, type MissingBlocks } from './chain.js';
import { Learner } from './learner.js';
import { LocalLog } from './local-log.js';
import type { Member } from './member.js';
import { Membership } from './membership.js';
import type { Accept, Acquainted, Commit, Fetch, Nack, PaxosMessage, Prepare, Status } from './messages.js';
import {
  defaultLimits,
  defaultTiming,
  type ConsensusOptions,
  type Limits,
  type PaxosEffects,
  type Timing,
} from './options.js';
import { Proposer } from './proposer.js';
import type { PaxosRecord } from './records.js';
import { recoverRecord, type Lasting } from './recovery.js';

/**
 * One server's part in a chain of blocks, each chosen by one Paxos instance: acceptor, proposer, learner and the local
 * log in one place, because one step of it is one durable write. It is no machine by itself: an application's machine
 * hands it inputs and effects, so that both persist atomically (see `ReplicatedLog` for the smallest one).
 */
export class Consensus<T> {
  readonly #options: ConsensusOptions<T>;
  readonly #timing: Timing;
  readonly #limits: Limits;
  readonly #chain: Chain<T>;
  readonly #log: LocalLog<T>;
  readonly #acceptor = new Acceptor<T>();
  readonly #proposer: Proposer<T>;
  readonly #learner: Learner<T>;
  readonly #catchUp: CatchUp<T>;
  readonly #backfill: Backfill<T>;
  readonly #membership: Membership<T>;
  readonly #acquaintance: Acquaintance<T>;
  readonly #reach = new Reach();
  readonly #answers: Answers;
  readonly #lasting: Lasting<T>;
  #statusAt: Time;

  /** `reader`: for blocks. What a crash left is told by `recover` before anything else, record by record. */
  constructor(options: ConsensusOptions<T>, reader: RecordReader<PaxosRecord<T>>, now: Time) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#chain = new Chain(options.genesis, options.codec, reader);
    this.#log = new LocalLog(options.self);
    this.#catchUp = new CatchUp(this.#chain, () => this.disk.waits);
    this.#backfill = new Backfill(this.#chain, this.#timing, this.#limits);
    this.#membership = new Membership(options.self, options.members);
    this.#acquaintance = new Acquaintance({ ...options, membership: this.#membership });
    this.#answers = new Answers(options.self, options.members);
    this.#proposer = new Proposer<T>({
      ...options,
      timing: this.#timing,
      chain: this.#chain,
      answers: this.#answers,
      membership: this.#membership,
      ready: () => this.ready,
      responsive: () => [options.self, ...this.#reach.responsive],
      lagged: (peer) => this.#reach.lagged(peer),
      ended: (end, effects, at) => this.#learner.ended(end, effects, at),
    });
    this.#lasting = {
      chain: this.#chain,
      log: this.#log,
      acceptor: this.#acceptor,
      proposer: this.#proposer,
      membership: this.#membership,
      acquaintance: this.#acquaintance,
    };
    this.#learner = new Learner({ ...this.#lasting, options, reach: this.#reach, status: () => this.#status() });
    this.#statusAt = now;
  }

  /** One record of what a crash left. They come in key order. */
  recover(key: string, record: PaxosRecord<T>): void {
    recoverRecord(key, record, this.#lasting);
  }

  /**
   * Everything is recovered: those who link the servers must know where they are, before they do. Throws `SynodError`
   * `replaced` if the chain on this disk says that it is another's turn.
   */
  recovered(): void {
    this.#acquaintance.recovered();
    this.#learner.tell([...this.#membership.all()]);
  }

  get height(): number {
    return this.#chain.height;
  }

  /** Hash of the last block, or of the genesis. */
  get hash(): string {
    return this.#chain.hash;
  }

  get promised(): Ballot {
    return this.#acceptor.promised;
  }

  get leading(): { readonly ballot: Ballot; readonly phase: 'prepare' | 'accept' } | undefined {
    return this.#proposer.leading;
  }

  /** How many rounds this server has started. A round that starts later sees all that was appended before. */
  get attempts(): number {
    return this.#proposer.attempts;
  }

  /** Peers whose links are up. */
  get linked(): ReadonlySet<NodeId> {
    return this.#reach.linked;
  }

  /** May vote and append. */
  get ready(): boolean {
    return this.#acquaintance.ready;
  }

  /** This server's disk: who it is, and whether it waits, takes part or was replaced. */
  get disk(): Pick<Acquaintance<T>, 'identity' | 'waits' | 'replaced'> {
    return this.#acquaintance;
  }

  /** Who was replaced, and why a server can not be. */
  get membership(): Pick<Membership<T>, 'get' | 'standing' | 'objectionTo'> {
    return this.#membership;
  }

  get catchingUp(): boolean {
    return this.#catchUp.running;
  }

  get log(): LocalLog<T> {
    return this.#log;
  }

  /** Blocks that a snapshot let this server skip and that it has not filled in yet. */
  get missing(): MissingBlocks | undefined {
    return this.#chain.missing;
  }

  /** Committed blocks from a height on, at least one if there is one. Those that are missing are passed over. */
  blocks(from: number, count?: number): readonly Block<T>[] {
    const { missing } = this.#chain;
    const first = missing && from >= missing.from ? Math.max(from, missing.to + 1) : from;
    return this.#chain.page(first, this.#limits.pageEntries, count);
  }

  /** Adds an entry to the local log; a later round gathers it. */
  append(value: T, effects: PaxosEffects<T>): Entry<T> {
    invariant(this.ready, 'a server that does not take part appends nothing');
    return this.#log.append(value, effects);
  }

  /**
   * Asks for one round led by this server; see `Application.ended` for how it ends. `gather`: it must hear these
   * servers before it proposes; otherwise a quorum, and for a bounded time the rest that is connected.
   */
  want(gather: readonly NodeId[] | undefined, effects: PaxosEffects<T>, now: Time): void {
    this.#proposer.want(gather, effects, now);
  }

  /**
   * Gives a server another disk and address, by a block: returns what the chain says if it says so already. Otherwise
   * rounds follow until a block holds the change, or another change of that server, or there is no majority: the
   * application sees it in `membership` when a round ends. The caller has asked `membership.objectionTo`.
   */
  replace(change: Change, effects: PaxosEffects<T>, now: Time): Member | undefined {
    const standing = this.#membership.want(change);
    if (!standing) this.#proposer.want(undefined, effects, now);
    return standing;
  }

  /** The first thing an application's machine does in every step. */
  begin(effects: PaxosEffects<T>): void {
    this.#acquaintance.begin(effects);
  }

  link(peer: NodeId, up: boolean, effects: PaxosEffects<T>): void {
    if (!this.#options.members.includes(peer)) return;
    this.#reach.link(peer, up);
    if (!up) return this.#catchUp.linkDown(peer);
    this.#acquaintance.introduce([peer], effects);
    effects.to(peer, this.#status());
  }

  deliver(from: NodeId, message: PaxosMessage<T>, effects: PaxosEffects<T>, now: Time): void {
    if (!this.#options.members.includes(from) || !this.#acquaintance.hears(from, message)) return;
    this.#reach.heard(from);
    this.#proposer.saw(message.ballot);
    if (isAnswer(message)) this.#answers.heard(from, now);
    switch (message.type) {
      case 'prepare':
        return this.#prepare(from, message, effects, now);
      case 'promise':
        return this.#proposer.promised(from, message, effects, now);
      case 'nack':
        return this.#nack(from, message, effects, now);
      case 'accept':
        return this.#accept(from, message, effects, now);
      case 'accepted':
        return this.#proposer.accepted(from, message, effects);
      case 'commit':
        return this.#learn(from, message, effects, now);
      case 'withdraw':
        return this.#proposer.withdrawn(message.ballot, now);
      case 'status':
        return this.#compare(from, message, effects, now);
      case 'fetch':
        return this.#answer(from, message, effects);
      case 'blocks':
        this.#learner.adopt(message.blocks, effects, now);
        return this.#catchUp.received(from, message, this.#acceptor.promised, effects, now);
      case 'snapshot':
        this.#learner.skip(message, effects, now);
        return this.#catchUp.skipped(from);
      case 'backfill':
        return this.#recall(from, message.height, effects);
      case 'history':
        return this.#backfill.received(from, message, effects, now);
      case 'introduce':
        return this.#acquaintance.introduced(from, message, effects);
      case 'acquainted':
        return this.#acquainted(from, message, effects, now);
    }
  }

  wake(effects: PaxosEffects<T>, now: Time): void {
    if (this.disk.replaced) return;
    if (now >= this.#statusAt) {
      this.#statusAt = now + this.#timing.statusMs;
      this.#acquaintance.introduce(this.#reach.linked, effects);
      effects.toAll(this.#reach.linked, this.#status());
    }
    this.#proposer.wake(effects, now);
    if (this.ready) this.#backfill.wake(this.#reach.linked, this.#acceptor.promised, effects, now);
  }

  get wakeAt(): Time {
    if (this.disk.replaced) return Number.POSITIVE_INFINITY;
    const times = [this.#statusAt, this.#proposer.wakeAt, this.ready ? this.#backfill.wakeAt : undefined];
    return Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY));
  }

  #prepare(from: NodeId, message: Prepare, effects: PaxosEffects<T>, now: Time): void {
    const { ballot, height } = message;
    if (!this.#isOpen(from, height, ballot, effects, now)) return;
    if (!this.#acceptor.prepare(message, effects)) return this.#refuse(from, ballot, height, effects);
    this.#proposer.yieldTo(ballot, now);
    const accepted = this.#acceptor.accepted;
    if (!accepted) this.#options.application.promising?.(effects);
    const { log, more } = accepted ? { log: [], more: false } : this.#log.page(this.#limits.gatherEntries);
    const wants = from !== this.#options.self && this.#proposer.wants;
    effects.to(from, { type: 'promise', ballot, height, accepted, log, more, wants });
  }

  #accept(from: NodeId, message: Accept<T>, effects: PaxosEffects<T>, now: Time): void {
    const { ballot, height } = message;
    if (!this.#isOpen(from, height, ballot, effects, now)) return;
    invariant(this.#chain.fits(message.block), `${from} proposes a block that does not continue our chain`);
    if (!this.#acceptor.accept(message, effects)) return this.#refuse(from, ballot, height, effects);
    this.#proposer.yieldTo(ballot, now);
    effects.to(from, { type: 'accepted', ballot, height });
  }

  /** A server votes only for its own committed height + 1: below it sends the blocks, above it catches up first. */
  #isOpen(from: NodeId, height: number, ballot: Ballot, effects: PaxosEffects<T>, now: Time): boolean {
    if (height > this.#chain.height + 1) {
      this.#catchUp.fetch(from, height - 1, ballot, effects, now);
      return false;
    }
    if (height <= this.#chain.height) {
      this.#refuse(from, ballot, height, effects);
      return false;
    }
    return true;
  }

  #refuse(to: NodeId, ballot: Ballot, height: number, effects: PaxosEffects<T>): void {
    effects.to(to, {
      type: 'nack',
      ballot,
      height,
      promised: this.#acceptor.promised,
      promisedFor: this.#acceptor.promisedFor,
      committed: this.#chain.height,
      blocks: this.#chain.page(height, this.#limits.pageEntries),
    });
  }

  #nack(from: NodeId, message: Nack<T>, effects: PaxosEffects<T>, now: Time): void {
    this.#proposer.saw(message.promised); // first: adopted blocks may start the next attempt
    this.#learner.adopt(message.blocks, effects, now);
    if (message.committed > this.#chain.height) {
      this.#catchUp.fetch(from, message.committed, message.promised, effects, now);
    }
    this.#proposer.refused(message, now);
  }

  #learn(from: NodeId, message: Commit, effects: PaxosEffects<T>, now: Time): void {
    const { ballot, height, hash } = message;
    if (height <= this.#chain.height) return;
    const isOwn = from === this.#options.self;
    const own = isOwn ? this.#proposer.chosen(message) : undefined;
    const accepted = this.#acceptor.accepted?.block;
    const block = own?.block ?? (accepted?.height === height && accepted.hash === hash ? accepted : undefined);
    if (block) {
      this.#learner.commit(block, own?.end ?? { kind: 'other' }, message, effects, now);
      this.#proposer.passTurn(message, effects);
    } else if (!isOwn) this.#catchUp.fetch(from, height, ballot, effects, now);
  }

  #compare(from: NodeId, { ballot, height, hash }: Status, effects: PaxosEffects<T>, now: Time): void {
    if (height > this.#chain.height) return this.#catchUp.fetch(from, height, ballot, effects, now);
    if (height < this.#chain.height) return effects.to(from, this.#status());
    invariant(
      hash === this.#chain.hash,
      `${from} holds another block at height ${height}: ${hash}, ours ${this.#chain.hash}`,
    );
  }

  #answer(from: NodeId, fetch: Fetch, effects: PaxosEffects<T>): void {
    const { application } = this.#options;
    const sources = { chain: this.#chain, membership: this.#membership, limits: this.#limits, application };
    effects.to(from, answerToFetch(fetch, sources, this.promised));
  }

  /** Sends old blocks to who skipped them. */
  #recall(to: NodeId, height: number, effects: PaxosEffects<T>): void {
    const blocks = this.#chain.pageDown(height, this.#limits.pageEntries);
    effects.to(to, { type: 'history', ballot: this.#acceptor.promised, height, blocks });
  }

  #status(): Status {
    const seen = this.#proposer.highestSeen;
    const promised = this.#acceptor.promised;
    const ballot = compareBallots(seen, promised) > 0 ? seen : promised;
    return { type: 'status', ballot, height: this.#chain.height, hash: this.#chain.hash };
  }

  /** Until it takes part a server does not listen: then it asks where the others stand. */
  #acquainted(from: NodeId, message: Acquainted, effects: PaxosEffects<T>, now: Time): void {
    const wasReady = this.ready;
    this.#acquaintance.acquainted(from, message, effects);
    if (!this.ready || wasReady) return;
    effects.toAll(this.#reach.linked, this.#status());
    this.#proposer.startIfIdle(effects, now);
  }
}
