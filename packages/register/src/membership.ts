import { type Effects, type NodeId, type Time } from '@synod/kernel';
import { Acquaintance } from './acquaintance.js';
import type { Incarnation } from './incarnation.js';
import type { Acquainted, Copy, Introduce, Page, RequestId } from './messages.js';
import type { Limits, RegisterOptions } from './options.js';
import type { RegisterProtocol, RegisterStatus } from './protocol.js';
import { registerKeys } from './records.js';
import { Recovery } from './recovery.js';
import type { Registers } from './registers.js';
import type { ReplicaSet } from './replica-set.js';

interface MembershipOptions extends Pick<RegisterOptions, 'self' | 'members'> {
  readonly incarnation: Incarnation;
  readonly identity: Incarnation;
  readonly limits: Limits;
  readonly resendMs: number;
  readonly registers: Registers;
  readonly nextRequest: () => RequestId;
}

/** Whether this node takes part, and what it must do before it does: be known to its peers, copy what it lost. */
export class Membership {
  readonly #self: NodeId;
  readonly #others: readonly NodeId[];
  readonly #incarnation: Incarnation;
  readonly #identity: Incarnation;
  readonly #limits: Limits;
  readonly #resendMs: number;
  readonly #registers: Registers;
  readonly acquaintance: Acquaintance;
  readonly #recovery: Recovery;
  #introducedAt: Time = Number.NEGATIVE_INFINITY;

  constructor({ self, members, incarnation, identity, limits, resendMs, registers, nextRequest }: MembershipOptions) {
    this.#self = self;
    this.#others = members.filter((member) => member !== self);
    this.#incarnation = incarnation;
    this.#identity = identity;
    this.#limits = limits;
    this.#resendMs = resendMs;
    this.#registers = registers;
    this.acquaintance = new Acquaintance(this.#others, identity);
    this.#recovery = new Recovery(self, members, nextRequest, resendMs);
  }

  recoverLoss(): void {
    this.#recovery.start();
  }

  /** The first effects of a life: nothing is sent before its incarnation is durable. */
  save(effects: Effects<RegisterProtocol>): void {
    effects.put(registerKeys.node, {
      kind: 'node',
      identity: this.#identity,
      incarnation: this.#incarnation,
      recovering: this.#recovery.isRunning,
    });
  }

  /** Whether this node may answer questions about registers of this set, and ask its own. */
  mayServe(set: ReplicaSet): boolean {
    return !this.#recovery.isRunning && this.acquaintance.isKnownTo(set.others);
  }

  get isIdle(): boolean {
    return !this.#recovery.isRunning && !this.acquaintance.isIncomplete;
  }

  tick(effects: Effects<RegisterProtocol>, now: Time): void {
    if (now - this.#introducedAt >= this.#resendMs) {
      this.#introducedAt = now;
      this.acquaintance.introduce(effects);
    }
    if (this.#recovery.isRunning) this.#recovery.ask(this.acquaintance.linked, effects, now);
  }

  introduced(from: NodeId, message: Introduce, effects: Effects<RegisterProtocol>): void {
    this.acquaintance.introduced(from, message, effects);
  }

  acquainted(from: NodeId, message: Acquainted, effects: Effects<RegisterProtocol>): void {
    const isLost = this.acquaintance.acquainted(from, message, effects);
    if (isLost && !this.#recovery.isRunning) {
      this.#recovery.start();
      this.save(effects);
    }
    this.#endIfComplete(effects);
  }

  /** Answers unless something of this node's own may be lost, known already or still to be found out. */
  copy(from: NodeId, { request, from: position, members }: Copy, effects: Effects<RegisterProtocol>): void {
    const common = this.#others.filter((node) => node !== from && members.includes(node));
    if (this.#recovery.isRunning || !this.acquaintance.isKnownTo(common)) return;
    const page = this.#registers.page(position, this.#limits, from);
    effects.to(from, { type: 'page', request, incarnation: this.#incarnation, identity: this.#identity, ...page });
  }

  paged(from: NodeId, page: Page, effects: Effects<RegisterProtocol>, now: Time): void {
    if (!this.#recovery.isRunning || !this.#recovery.paged(from, page, effects, now)) return;
    this.acquaintance.learn(from, page.identity, effects);
    for (const { key, cell } of page.cells) {
      const set = this.#registers.setOf(key);
      if (set?.isHere) this.#registers.adopt(key, set, cell, effects);
    }
    this.#endIfComplete(effects);
  }

  get status(): Pick<RegisterStatus, 'node' | 'incarnation' | 'identity' | 'recovering' | 'peers'> {
    return {
      node: this.#self,
      incarnation: this.#incarnation,
      identity: this.#identity,
      recovering: this.#recovery.isRunning,
      peers: this.acquaintance.status,
    };
  }

  /** A peer that still knows the former disk would find it lost again. */
  #endIfComplete(effects: Effects<RegisterProtocol>): void {
    if (!this.#recovery.isRunning || !this.#recovery.isComplete) return;
    if (!this.acquaintance.isKnownTo(this.#others)) return;
    this.#recovery.end();
    this.save(effects);
  }
}
