import type { Effects, NodeId, Reach, SynodError, Time } from '@synod/kernel';
import type { Cell } from './cell.js';
import { Consulted } from './consulted.js';
import { Lane } from './lane.js';
import type { Membership } from './membership.js';
import type { AckMessage, ReadMessage, RequestId, ValueMessage, WriteMessage } from './messages.js';
import type { Timing } from './options.js';
import type { RegisterProtocol } from './protocol.js';
import type { Registers } from './registers.js';
import type { ReplicaSet } from './replica-set.js';
import { Round, type Operation } from './round.js';

/** What a coordinator stands on. */
export interface CoordinatorParts {
  readonly self: NodeId;
  readonly timing: Timing;
  readonly registers: Registers;
  readonly membership: Membership;
  readonly reach: Reach;
  readonly nextRequest: () => RequestId;
  /** A quorum holds this cell. */
  readonly confirmed: (key: string, cell: Cell) => void;
}

/**
 * Leads the rounds of one kind of operation: asks a majority, imposes on a majority. (Cachin, Guerraoui, Rodrigues,
 * algorithms 4.6 and 4.7, *Read-Impose Write-Majority*.) What a round does in between is up to readers and writers.
 */
export abstract class Coordinator<O extends Operation> {
  protected readonly parts: CoordinatorParts;
  readonly #consulted: Consulted;
  readonly #lanes = new Map<string, Lane<O>>();
  /** By the request of the phase that runs: replies to any other find nothing here. */
  readonly #rounds = new Map<number, Round<O>>();

  constructor(parts: CoordinatorParts) {
    this.parts = parts;
    this.#consulted = new Consulted(parts.self, parts.reach);
  }

  /** Keys with operations. */
  get active(): Iterable<string> {
    return this.#lanes.keys();
  }

  get isIdle(): boolean {
    return this.#lanes.size === 0;
  }

  add(key: string, set: ReplicaSet, operation: O, effects: Effects<RegisterProtocol>, now: Time): void {
    let lane = this.#lanes.get(key);
    if (!lane) this.#lanes.set(key, (lane = new Lane<O>(key, set)));
    lane.add(operation);
    this.#startNext(lane, effects, now);
  }

  value(from: NodeId, { request, cell }: ValueMessage, effects: Effects<RegisterProtocol>, now: Time): void {
    const round = this.#roundOf(request, 'read');
    if (!round?.phase?.heard.add(from)) return;
    round.learn(cell);
    if (round.phase.heard.reached) this.consulted(round, effects, now);
  }

  ack(from: NodeId, { request }: AckMessage, effects: Effects<RegisterProtocol>, now: Time): void {
    const round = this.#roundOf(request, 'write');
    if (!round?.phase?.heard.add(from) || !round.phase.heard.reached) return;
    this.imposed(round, effects, now);
  }

  /** Answers who has waited too long, asks again who has not answered, starts what waited for this node to take part. */
  tick(effects: Effects<RegisterProtocol>, now: Time): void {
    const { noQuorumMs } = this.parts.timing;
    for (const lane of this.#lanes.values()) {
      this.#failOverdue(lane, now - noQuorumMs, effects);
      const { running } = lane;
      if (running && running.operations.length === 0) this.end(running, effects, now);
      else if (running && this.#isSlow(running, now)) this.#resend(running, effects, now);
      else this.#startNext(lane, effects, now);
    }
  }

  /** Quorums are of other disks now: every phase begins again, and what was counted before counts no more. */
  restart(effects: Effects<RegisterProtocol>, now: Time): void {
    for (const round of [...this.#rounds.values()]) {
      const { message } = round.phase!;
      if (message.type === 'read') this.consult(round, effects, now);
      else this.#spread(round, message.cell, effects, now);
    }
  }

  /** A round begins: consults, or imposes. */
  protected abstract start(round: Round<O>, effects: Effects<RegisterProtocol>, now: Time): void;
  /** A quorum has told what it holds. */
  protected abstract consulted(round: Round<O>, effects: Effects<RegisterProtocol>, now: Time): void;
  /** A quorum holds what was imposed. */
  protected abstract imposed(round: Round<O>, effects: Effects<RegisterProtocol>, now: Time): void;
  /** What an operation is told that ran, or waited, for too long without a quorum. */
  protected abstract noQuorum(round: Round<O> | undefined, key: string): SynodError;
  protected abstract runsAlone(operation: O): boolean;

  protected consult(round: Round<O>, effects: Effects<RegisterProtocol>, now: Time): void {
    const request = this.parts.nextRequest();
    const message = { type: 'read', request, mark: this.parts.membership.mark, key: round.key } as const;
    this.#enter(round, message, this.#consulted.of(round.set), effects, now);
  }

  /** Makes a cell durable on this node first, then on a quorum: it never rests on others' disks alone. */
  protected impose(round: Round<O>, cell: Cell, effects: Effects<RegisterProtocol>, now: Time): void {
    this.parts.registers.adopt(round.key, round.set, cell, effects);
    this.#spread(round, cell, effects, now);
  }

  /** The operations of this round are answered; the next may begin. */
  protected end(round: Round<O>, effects: Effects<RegisterProtocol>, now: Time): void {
    const lane = this.#lanes.get(round.key)!;
    if (round.phase) this.#rounds.delete(round.phase.message.request.number);
    lane.running = undefined;
    this.#startNext(lane, effects, now);
  }

  #spread(round: Round<O>, cell: Cell, effects: Effects<RegisterProtocol>, now: Time): void {
    const request = this.parts.nextRequest();
    const { mark } = this.parts.membership;
    this.#enter(round, { type: 'write', request, mark, key: round.key, cell }, round.set.replicas, effects, now);
  }

  #startNext(lane: Lane<O>, effects: Effects<RegisterProtocol>, now: Time): void {
    if (lane.isEmpty) this.#lanes.delete(lane.key);
    if (!lane.canStart || !this.parts.membership.mayServe(lane.set)) return;
    const round = new Round<O>(
      lane.key,
      lane.set,
      lane.takeBatch((operation) => this.runsAlone(operation)),
    );
    lane.running = round;
    this.start(round, effects, now);
  }

  #enter(
    round: Round<O>,
    message: ReadMessage | WriteMessage,
    asked: readonly NodeId[],
    effects: Effects<RegisterProtocol>,
    now: Time,
  ): void {
    if (round.phase) this.#rounds.delete(round.phase.message.request.number);
    round.enter(message, asked, now);
    this.#rounds.set(message.request.number, round);
    effects.toAll(asked, message);
  }

  /** A quorum that was asked alone must answer soon, or the others are asked too. */
  #isSlow({ set, phase }: Round<O>, now: Time): boolean {
    const { tickMs, resendMs } = this.parts.timing;
    return phase !== undefined && now - phase.sentAt >= (phase.asked === set.replicas ? resendMs : tickMs);
  }

  #resend(round: Round<O>, effects: Effects<RegisterProtocol>, now: Time): void {
    const { replicas } = round.set;
    const phase = round.phase!;
    if (phase.asked !== replicas)
      for (const node of phase.asked) if (!phase.heard.has(node)) this.parts.reach.lagged(node);
    phase.asked = replicas;
    phase.sentAt = now;
    for (const replica of replicas) if (!phase.heard.has(replica)) effects.to(replica, phase.message);
  }

  #failOverdue(lane: Lane<O>, since: Time, effects: Effects<RegisterProtocol>): void {
    if (lane.oldest > since) return;
    const { waiting, running } = lane.takeOverdue(since);
    for (const { id } of running) effects.answer(id, { type: 'error', error: this.noQuorum(lane.running, lane.key) });
    for (const { id } of waiting) {
      const error = this.parts.membership.objectionTo(lane.set) ?? this.noQuorum(undefined, lane.key);
      effects.answer(id, { type: 'error', error });
    }
  }

  #roundOf(request: RequestId, type: 'read' | 'write'): Round<O> | undefined {
    const round = this.#rounds.get(request.number);
    const message = round?.phase?.message;
    if (message?.type !== type || message.request.incarnation !== request.incarnation) return undefined;
    return round;
  }
}
