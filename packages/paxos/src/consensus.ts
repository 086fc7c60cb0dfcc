import { invariant, Reach, type NodeId, type RecordReader, type Time } from '@synod/kernel';
import { Acceptor } from './acceptor.js';
import { Acquaintance } from './acquaintance.js';
import { Answers, isAnswer } from './answers.js';
import type { Ballot } from './ballot.js';
import type { Block, Change, Entry } from './block.js';
import { Backfill } from './backfill.js';
import { CatchUp } from './catch-up.js';
import { Chain, type MissingBlocks } from './chain.js';
import { Informant } from './informant.js';
import { Learner } from './learner.js';
import { LocalLog } from './local-log.js';
import type { Member } from './member.js';
import { Membership } from './membership.js';
import type { Acquainted, Commit, Nack, PaxosMessage } from './messages.js';
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
import { Voter } from './voter.js';

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
  readonly #voter: Voter<T>;
  readonly #informant: Informant<T>;
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
    const context = { ...this.#lasting, options, limits: this.#limits, catchUp: this.#catchUp };
    this.#voter = new Voter(context);
    this.#informant = new Informant(context);
    this.#learner = new Learner({
      ...this.#lasting,
      options,
      reach: this.#reach,
      status: () => this.#informant.status(),
    });
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
    effects.to(peer, this.#informant.status());
  }

  deliver(from: NodeId, message: PaxosMessage<T>, effects: PaxosEffects<T>, now: Time): void {
    if (!this.#options.members.includes(from) || !this.#acquaintance.hears(from, message)) return;
    this.#reach.heard(from);
    this.#proposer.saw(message.ballot);
    if (isAnswer(message)) this.#answers.heard(from, now);
    switch (message.type) {
      case 'prepare':
        return this.#voter.prepare(from, message, effects, now);
      case 'promise':
        return this.#proposer.promised(from, message, effects, now);
      case 'nack':
        return this.#nack(from, message, effects, now);
      case 'accept':
        return this.#voter.accept(from, message, effects, now);
      case 'accepted':
        return this.#proposer.accepted(from, message, effects);
      case 'commit':
        return this.#learn(from, message, effects, now);
      case 'withdraw':
        return this.#proposer.withdrawn(message.ballot, now);
      case 'status':
        return this.#informant.compare(from, message, effects, now);
      case 'fetch':
        return this.#informant.answer(from, message, effects);
      case 'blocks':
        this.#learner.adopt(message.blocks, effects, now);
        return this.#catchUp.received(from, message, this.#acceptor.promised, effects, now);
      case 'snapshot':
        this.#learner.skip(message, effects, now);
        return this.#catchUp.skipped(from);
      case 'backfill':
        return this.#informant.recall(from, message.height, effects);
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
      effects.toAll(this.#reach.linked, this.#informant.status());
    }
    this.#proposer.wake(effects, now);
    if (this.ready) this.#backfill.wake(this.#reach.linked, this.#acceptor.promised, effects, now);
  }

  get wakeAt(): Time {
    if (this.disk.replaced) return Number.POSITIVE_INFINITY;
    const times = [this.#statusAt, this.#proposer.wakeAt, this.ready ? this.#backfill.wakeAt : undefined];
    return Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY));
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

  /** Until it takes part a server does not listen: then it asks where the others stand. */
  #acquainted(from: NodeId, message: Acquainted, effects: PaxosEffects<T>, now: Time): void {
    const wasReady = this.ready;
    this.#acquaintance.acquainted(from, message, effects);
    if (!this.ready || wasReady) return;
    effects.toAll(this.#reach.linked, this.#informant.status());
    this.#proposer.startIfIdle(effects, now);
  }
}
