import { SynodError, type Effects, type NodeId, type OperationId, type Time } from '@synod/kernel';
import { Acquaintance } from './acquaintance.js';
import { copiesNeeded } from './copies-needed.js';
import { Configuration, noMark, type Mark, type Replacement } from './configuration.js';
import type { Incarnation } from './incarnation.js';
import type { Acquainted, ConfigurationMessage, Copy, Introduce, Page, RequestId } from './messages.js';
import type { Limits, RegisterOptions, Timing } from './options.js';
import type { RegisterProtocol, RegisterStatus, ReplaceCommand } from './protocol.js';
import { registerKeys, type NodeStanding } from './records.js';
import { Recovery } from './recovery.js';
import type { Registers } from './registers.js';
import { Replacements } from './replacements.js';
import { replicasOf, type ReplicaSet } from './replica-set.js';

interface MembershipOptions extends Pick<
  RegisterOptions,
  'self' | 'members' | 'replicaSets' | 'onReplacements' | 'onDisk'
> {
  readonly incarnation: Incarnation;
  readonly identity: Incarnation;
  readonly standing: NodeStanding;
  readonly limits: Limits;
  readonly timing: Timing;
  readonly registers: Registers;
  readonly nextRequest: () => RequestId;
}

/**
 * Whether this node takes part, and what it must do before it does: be known to its peers, copy what it lost, or what
 * the disk held that it replaces.
 */
export class Membership {
  readonly #self: NodeId;
  readonly #others: readonly NodeId[];
  readonly #incarnation: Incarnation;
  readonly #identity: Incarnation;
  readonly #limits: Limits;
  readonly #resendMs: number;
  readonly #registers: Registers;
  readonly #replicaSets: MembershipOptions['replicaSets'];
  readonly #onDisk: MembershipOptions['onDisk'];
  readonly acquaintance: Acquaintance;
  readonly #configuration = new Configuration();
  readonly #replacements: Replacements;
  readonly #recovery: Recovery;
  #standing: NodeStanding;
  #introducedAt: Time = Number.NEGATIVE_INFINITY;

  constructor(options: MembershipOptions) {
    const { self, members, timing, identity } = options;
    this.#self = self;
    this.#others = members.filter((member) => member !== self);
    this.#incarnation = options.incarnation;
    this.#identity = identity;
    this.#standing = options.standing;
    this.#limits = options.limits;
    this.#resendMs = timing.resendMs;
    this.#registers = options.registers;
    this.#replicaSets = options.replicaSets;
    this.#onDisk = options.onDisk;
    this.acquaintance = new Acquaintance(this.#others, identity);
    const configuration = this.#configuration;
    this.#replacements = new Replacements({ ...options, others: this.#others, configuration });
    this.#recovery = new Recovery({ ...options, configuration, resendMs: timing.resendMs });
  }

  recoverReplacement(replacement: Replacement): void {
    this.#replacements.recover(replacement);
  }

  /** Everything is recovered: those who link the nodes must know where they are, before they do. */
  recovered(): void {
    this.#tellDisk();
    this.#replacements.announce();
  }

  /** The first effects of a life: nothing is sent before its incarnation is durable. */
  begin(effects: Effects<RegisterProtocol>): void {
    this.#save(effects);
    this.acquaintance.renew(this.#configuration.replacements, effects);
  }

  get mark(): Mark {
    return this.#configuration.mark;
  }

  /** This disk was given to the node in place of another one. */
  get isReplacement(): boolean {
    return this.#configuration.of(this.#self) !== undefined;
  }

  /** Whether this node may answer questions about registers of this set, and ask its own. */
  mayServe(set: ReplicaSet): boolean {
    return this.#standing === 'member' && this.#isKnownTo(set.others);
  }

  /** What operations are told while it may not. */
  objectionTo(set: ReplicaSet): SynodError | undefined {
    if (this.mayServe(set)) return undefined;
    const why =
      this.#standing === 'waiting'
        ? `its disk ${this.#identity} waits until the operator replaces ${this.#self} by it`
        : `it must be known to ${set.others.join(', ')}, and recovered`;
    return new SynodError('not_ready', `${this.#self} takes no part yet: ${why}; nothing was done`);
  }

  /**
   * Whether a question comes from the same configuration, so that the answer counts for what the sender takes it for.
   * Otherwise one of the two is told what it does not know.
   */
  agrees(from: NodeId, mark: Mark, effects: Effects<RegisterProtocol>): boolean {
    if (mark === this.#configuration.mark) return true;
    if (from !== this.#self) this.#replacements.tell(from, effects);
    return false;
  }

  get isIdle(): boolean {
    if (this.#standing !== 'member') return false;
    return !this.acquaintance.isIncomplete && this.#replacements.isIdle;
  }

  link(peer: NodeId, up: boolean, effects: Effects<RegisterProtocol>): void {
    this.acquaintance.link(peer, up);
    if (!this.acquaintance.linked.has(peer)) return;
    if (this.#standing !== 'waiting') this.acquaintance.introduceTo(peer, effects);
    if (this.mark !== noMark) this.#replacements.tell(peer, effects);
  }

  tick(effects: Effects<RegisterProtocol>, now: Time): void {
    const { linked } = this.acquaintance;
    if (now - this.#introducedAt >= this.#resendMs) {
      this.#introducedAt = now;
      if (this.#standing === 'waiting') for (const peer of linked) this.#replacements.tell(peer, effects);
      else this.acquaintance.introduce(effects);
    }
    if (this.#isCopying) this.#recovery.ask(linked, effects, now);
    this.#replacements.tick(linked, effects, now);
  }

  introduced(from: NodeId, message: Introduce, effects: Effects<RegisterProtocol>): void {
    this.acquaintance.introduced(from, message, effects);
  }

  /**
   * A peer that knows the disk which this one replaces has not heard of that yet. One that waits to replace has introduced
   * itself to nobody: such an answer was for the disk before.
   */
  acquainted(from: NodeId, message: Acquainted, effects: Effects<RegisterProtocol>): void {
    if (this.#standing === 'waiting') return;
    if (message.identity !== this.#identity && this.isReplacement) return this.#replacements.tell(from, effects);
    const isLost = this.acquaintance.acquainted(from, message, effects);
    if (isLost && this.#standing === 'member') this.#stand('lost', effects);
    this.#endIfComplete(effects);
  }

  /** Answers unless something of this node's own may be lost, known already or still to be found out. */
  copy(from: NodeId, { request, mark, from: position, members }: Copy, effects: Effects<RegisterProtocol>): void {
    const common = this.#others.filter((node) => node !== from && members.includes(node));
    if (!this.agrees(from, mark, effects) || this.#standing !== 'member' || !this.#isKnownTo(common)) return;
    const page = this.#registers.page(position, this.#limits, from);
    effects.to(from, { type: 'page', request, incarnation: this.#incarnation, identity: this.#identity, ...page });
  }

  paged(from: NodeId, page: Page, effects: Effects<RegisterProtocol>, now: Time): void {
    if (!this.#isCopying || !this.#recovery.paged(from, page, effects, now)) return;
    this.acquaintance.learn(from, page.identity, effects);
    for (const { key, cell } of page.cells) {
      const set = this.#registers.setOf(key);
      if (set?.isHere) this.#registers.adopt(key, set, cell, effects);
    }
    this.#endIfComplete(effects);
  }

  /** Returns whether quorums are of other disks now. */
  configured(from: NodeId, { replacements }: ConfigurationMessage, effects: Effects<RegisterProtocol>): boolean {
    const isNews = this.#take(replacements, effects);
    if (this.#configuration.exceeds(replacements)) this.#replacements.tell(from, effects);
    return isNews;
  }

  /** Returns whether quorums are of other disks now. */
  replace(id: OperationId, command: ReplaceCommand, effects: Effects<RegisterProtocol>, now: Time): boolean {
    if (this.#standing !== 'member') {
      const error = new SynodError('not_ready', `${this.#self} takes no part yet: ask another node`);
      effects.answer(id, { type: 'error', error });
      return false;
    }
    const diskOf = (node: NodeId): Incarnation | undefined =>
      node === this.#self ? this.#identity : this.acquaintance.identityOf(node);
    const replacement = this.#replacements.begin(id, command, diskOf, effects, now);
    return replacement !== undefined && this.#take([replacement], effects);
  }

  get status(): Pick<RegisterStatus, 'node' | 'incarnation' | 'identity' | 'standing' | 'replacements' | 'peers'> {
    return {
      node: this.#self,
      incarnation: this.#incarnation,
      identity: this.#identity,
      standing: this.#standing,
      replacements: this.#configuration.replacements,
      peers: this.acquaintance.status,
    };
  }

  get #isCopying(): boolean {
    return this.#standing === 'lost' || this.#standing === 'copying';
  }

  /** A disk that a configuration names is known to all who have that one, and nobody else counts what it says. */
  #isKnownTo(nodes: readonly NodeId[]): boolean {
    return this.isReplacement || this.acquaintance.isKnownTo(nodes);
  }

  /** Throws `SynodError` `replaced` if it says that this disk is nobody's. */
  #take(replacements: readonly Replacement[], effects: Effects<RegisterProtocol>): boolean {
    const { mark } = this;
    const former = this.#configuration.of(this.#self);
    const changed = this.#replacements.take(replacements, effects);
    if (this.mark === mark) return false;
    this.acquaintance.renew(changed, effects);
    const own = this.#configuration.of(this.#self);
    if (own && own.disk !== this.#identity && this.#standing !== 'waiting') throw replaced(own, this.#identity);
    // Also one that was the node's before, and does not know what the others did without it.
    if (own?.disk === this.#identity && own.version !== former?.version) this.#stand('copying', effects);
    else this.#recovery.begin();
    return true;
  }

  #stand(standing: NodeStanding, effects: Effects<RegisterProtocol>): void {
    this.#standing = standing;
    this.#tellDisk();
    this.#recovery.begin();
    this.#save(effects);
  }

  #tellDisk(): void {
    const own = this.#configuration.of(this.#self);
    const since = own?.disk === this.#identity ? own.version : 0;
    this.#onDisk?.({ identity: this.#identity, since, waits: this.#standing === 'waiting' });
  }

  #save(effects: Effects<RegisterProtocol>): void {
    const [identity, incarnation, standing] = [this.#identity, this.#incarnation, this.#standing];
    effects.put(registerKeys.node, { kind: 'node', identity, incarnation, standing });
  }

  #endIfComplete(effects: Effects<RegisterProtocol>): void {
    if (this.#standing === 'lost') {
      // A peer that still knows the former disk would find it lost again.
      if (this.#hasCopied(this.#others, this.#others.length) && this.acquaintance.isKnownTo(this.#others)) {
        this.#stand('member', effects);
      }
    } else if (this.#standing === 'copying' && this.#hasCopiedEnough) {
      this.#stand('member', effects);
      this.#take([{ ...this.#configuration.of(this.#self)!, done: true }], effects);
    }
  }

  get #hasCopiedEnough(): boolean {
    const sets = this.#replicaSets?.map(replicasOf).filter((replicas) => replicas.includes(this.#self));
    if (!sets) return this.#hasCopied(this.#others, this.#others.length);
    return sets.every((replicas) => this.#hasCopied(replicas, copiesNeeded(replicas.length)));
  }

  #hasCopied(nodes: readonly NodeId[], atLeast: number): boolean {
    return nodes.filter((node) => this.#recovery.copied.has(node)).length >= atLeast;
  }
}

function replaced({ node, disk, address }: Replacement, former: Incarnation): SynodError {
  return new SynodError(
    'replaced',
    `${node} was replaced by disk ${disk} at ${address}: disk ${former} takes no part any more, and can be deleted`,
  );
}
