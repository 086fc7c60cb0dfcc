import { invariant, type NodeId, type RecordReader, type Time } from '@synod/kernel';
import { Acceptor } from './acceptor.js';
import { Acquaintance } from './acquaintance.js';
import { Answers, isAnswer } from './answers.js';
import { compareBallots, type Ballot } from './ballot.js';
import type { Block, Entry } from './block.js';
import { Backfill } from './backfill.js';
import { CatchUp } from './catch-up.js';
import { answerToFetch } from './answer-to-fetch.js';
import { Chain, type MissingBlocks } from './chain.js';
import { LocalLog } from './local-log.js';
import type { Accept, Acquainted, Commit, Nack, PaxosMessage, Prepare, Snapshot, Status } from './messages.js';
import {
  defaultLimits,
  defaultTiming,
  type ConsensusOptions,
  type Limits,
  type PaxosEffects,
  type RoundEnd,
  type Timing,
} from './options.js';
import { Proposer } from './proposer.js';
import { paxosKeys, type PaxosRecord } from './records.js';
import { recoverRecord, type Parts } from './recovery.js';

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
  readonly #catchUp: CatchUp<T>;
  readonly #backfill: Backfill<T>;
  readonly #acquaintance: Acquaintance<T>;
  readonly #linked = new Set<NodeId>();
  readonly #laggards = new Set<NodeId>();
  readonly #answers: Answers;
  readonly #recovering: Parts<T>;
  #statusAt: Time;

  /** `reader`: for blocks. What a crash left is told by `recover` before anything else, record by record. */
  constructor(options: ConsensusOptions<T>, reader: RecordReader<PaxosRecord<T>>, now: Time) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#chain = new Chain(options.genesis, options.codec, reader);
    this.#log = new LocalLog(options.self);
    this.#catchUp = new CatchUp(this.#chain);
    this.#backfill = new Backfill(this.#chain, this.#timing, this.#limits);
    this.#acquaintance = new Acquaintance(options.self, options.members, options.random);
    this.#answers = new Answers(options.self, options.members);
    this.#proposer = new Proposer<T>({
      self: options.self,
      members: options.members,
      timing: this.#timing,
      random: options.random,
      codec: options.codec,
      chain: this.#chain,
      answers: this.#answers,
      ready: () => this.ready,
      responsive: () => [options.self, ...[...this.#linked].filter((peer) => !this.#laggards.has(peer))],
      lagged: (peer) => this.#laggards.add(peer),
      chosen: (block, end, effects, at) => this.#commit(block, end, effects, at),
      ended: (end, effects, at) => options.application.ended(end, effects, at),
    });
    const [acceptor, proposer, acquaintance] = [this.#acceptor, this.#proposer, this.#acquaintance];
    this.#recovering = { self: options.self, acceptor, proposer, chain: this.#chain, log: this.#log, acquaintance };
    this.#statusAt = now;
  }

  /** One record of what a crash left. They come in key order. */
  recover(key: string, record: PaxosRecord<T>): void {
    recoverRecord(key, record, this.#recovering);
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
    return this.#linked;
  }

  /** May vote and append. */
  get ready(): boolean {
    return this.#acquaintance.ready;
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

  /** The first thing an application's machine does in every step. */
  begin(effects: PaxosEffects<T>): void {
    this.#acquaintance.begin(effects);
  }

  link(peer: NodeId, up: boolean, effects: PaxosEffects<T>): void {
    if (!this.#options.members.includes(peer)) return;
    if (!up) {
      this.#linked.delete(peer);
      this.#catchUp.linkDown(peer);
      return;
    }
    this.#linked.add(peer);
    this.#laggards.delete(peer);
    this.#acquaintance.introduce([peer], effects);
    effects.to(peer, this.#status());
  }

  deliver(from: NodeId, message: PaxosMessage<T>, effects: PaxosEffects<T>, now: Time): void {
    if (!this.#options.members.includes(from)) return;
    // A server that enough others do not know yet takes no part: this disk may be a lost one's successor.
    if (!this.ready && message.type !== 'introduce' && message.type !== 'acquainted') return;
    this.#laggards.delete(from);
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
        return this.#proposer.accepted(from, message, effects, now);
      case 'commit':
        return this.#learn(from, message, effects, now);
      case 'withdraw':
        return this.#proposer.withdrawn(message.ballot, now);
      case 'status':
        return this.#compare(from, message, effects, now);
      case 'fetch':
        return effects.to(
          from,
          answerToFetch(message, this.#chain, this.#limits, this.#options.application, this.promised),
        );
      case 'blocks':
        this.#adopt(message.blocks, effects, now);
        return this.#catchUp.received(from, message, this.#acceptor.promised, effects, now);
      case 'snapshot':
        this.#skip(message, effects, now);
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
    if (now >= this.#statusAt) {
      this.#statusAt = now + this.#timing.statusMs;
      this.#acquaintance.introduce(this.#linked, effects);
      effects.toAll(this.#linked, this.#status());
    }
    this.#proposer.wake(effects, now);
    if (this.ready) this.#backfill.wake(this.#linked, this.#acceptor.promised, effects, now);
  }

  get wakeAt(): Time {
    const times = [this.#statusAt, this.#proposer.wakeAt, this.ready ? this.#backfill.wakeAt : undefined];
    return Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY));
  }

  #prepare(from: NodeId, message: Prepare, effects: PaxosEffects<T>, now: Time): void {
    const { ballot, height } = message;
    if (!this.#isOpen(from, height, ballot, effects, now)) return;
    if (!this.#acceptor.prepare(message, effects)) return this.#refuse(from, ballot, height, effects);
    this.#proposer.yieldTo(ballot, now);
    const accepted = this.#acceptor.accepted;
    const { log, more } = accepted ? { log: [], more: false } : this.#log.page(this.#limits.gatherEntries);
    effects.to(from, { type: 'promise', ballot, height, accepted, log, more });
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
    this.#adopt(message.blocks, effects, now);
    if (message.committed > this.#chain.height) {
      this.#catchUp.fetch(from, message.committed, message.promised, effects, now);
    }
    this.#proposer.refused(message, now);
  }

  #learn(from: NodeId, { ballot, height, hash }: Commit, effects: PaxosEffects<T>, now: Time): void {
    if (height <= this.#chain.height) return;
    const block = this.#acceptor.accepted?.block;
    if (block?.height === height && block.hash === hash) this.#commit(block, { kind: 'other' }, effects, now);
    else this.#catchUp.fetch(from, height, ballot, effects, now);
  }

  #compare(from: NodeId, { ballot, height, hash }: Status, effects: PaxosEffects<T>, now: Time): void {
    if (height > this.#chain.height) return this.#catchUp.fetch(from, height, ballot, effects, now);
    if (height < this.#chain.height) return effects.to(from, this.#status());
    invariant(
      hash === this.#chain.hash,
      `${from} holds another block at height ${height}: ${hash}, ours ${this.#chain.hash}`,
    );
  }

  /** Sends old blocks to who skipped them. */
  #recall(to: NodeId, height: number, effects: PaxosEffects<T>): void {
    const blocks = this.#chain.pageDown(height, this.#limits.pageEntries);
    effects.to(to, { type: 'history', ballot: this.#acceptor.promised, height, blocks });
  }

  /**
   * Goes on from a snapshot, in one atomic durable write, as if all the blocks below had been appended: what was
   * accepted is history, the promise stays, and exactly what the chain holds leaves the local log. The accepted block
   * may be the chosen one, and on few disks: it is kept aside until its height is filled in.
   */
  #skip(snapshot: Snapshot, effects: PaxosEffects<T>, now: Time): void {
    if (snapshot.height <= this.#chain.height) return;
    const { accepted } = this.#acceptor;
    if (accepted) effects.put(paxosKeys.overtaken(accepted.block.height), { kind: 'accepted', ...accepted });
    this.#chain.skipTo(snapshot, effects);
    const own = this.#log.removeUpTo(this.#chain.committedSequence(this.#options.self), effects);
    this.#acceptor.forget(effects);
    this.#proposer.advanced(now);
    this.#options.application.adopt(snapshot.state, own, snapshot.height, effects, now);
    this.#options.application.ended({ kind: 'other' }, effects, now);
  }

  /** Appends the blocks that come next, in order; what is known already is passed over. */
  #adopt(blocks: readonly Block<T>[], effects: PaxosEffects<T>, now: Time): void {
    const before = this.#chain.height;
    for (const block of blocks) {
      if (block.height <= this.#chain.height) continue;
      if (block.height > this.#chain.height + 1) break;
      invariant(this.#chain.fits(block), `committed block ${block.height} does not continue our chain`);
      this.#append(block, effects, now);
    }
    if (this.#chain.height > before) this.#options.application.ended({ kind: 'other' }, effects, now);
  }

  #commit(block: Block<T>, end: RoundEnd, effects: PaxosEffects<T>, now: Time): void {
    this.#append(block, effects, now);
    this.#options.application.ended(end, effects, now);
  }

  /** One atomic durable write: the block, what it changes, and exactly its entries out of the local log. */
  #append(block: Block<T>, effects: PaxosEffects<T>, now: Time): void {
    this.#chain.append(block, effects);
    this.#log.remove(block.entries, effects);
    this.#acceptor.forget(effects);
    this.#proposer.advanced(now);
    this.#options.application.apply(block, effects, now);
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
    effects.toAll(this.#linked, this.#status());
    this.#proposer.startIfIdle(effects, now);
  }
}
