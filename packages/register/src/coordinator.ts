import { PassingMap, type Effects, type NodeId, type Reach, type SynodError, type Time } from '@synod/kernel';
import type { Cell } from './cell.js';
import { Consulted } from './consulted.js';
import { Lane } from './lane.js';
import type { Membership } from './membership.js';
import type { Item, ValueItem } from './messages.js';
import type { Timing } from './options.js';
import type { RegisterProtocol } from './protocol.js';
import type { Questions } from './questions.js';
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
  readonly nextNumber: () => number;
  /** What is asked here goes out at the end of the turn. */
  readonly questions: Questions;
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
  readonly #lanes = new PassingMap<string, Lane<O>>();
  /** Those whose next round begins at the end of the turn. */
  #ready: Lane<O>[] = [];
  /** By the request of the phase that runs: replies to any other find nothing here. */
  readonly #rounds = new PassingMap<number, Round<O>>();

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

  /** Rounds begin at the end of this turn. */
  get isReady(): boolean {
    return this.#ready.length > 0;
  }

  /** Its round begins at the end of the turn: what this turn brings for the same register runs together. */
  add(key: string, set: ReplicaSet, operation: O): void {
    let lane = this.#lanes.get(key);
    if (!lane) this.#lanes.set(key, (lane = new Lane<O>(key, set)));
    if (lane.isEmpty) this.#ready.push(lane);
    lane.add(operation);
  }

  /** The turn ends. */
  startReady(effects: Effects<RegisterProtocol>, now: Time): void {
    if (this.#ready.length === 0) return;
    const ready = this.#ready;
    this.#ready = [];
    for (const lane of ready) if (lane.canStart) this.#startNext(lane, effects, now);
  }

  /** Takes replies to requests of this very life. */
  values(from: NodeId, items: readonly ValueItem[], effects: Effects<RegisterProtocol>, now: Time): void {
    for (const { number, cell } of items) {
      const round = this.#rounds.get(number);
      if (round && !round.phase!.imposed) this.#hear(round, from, cell, effects, now);
    }
  }

  /** Takes replies to requests of this very life. */
  acks(from: NodeId, items: readonly Item[], effects: Effects<RegisterProtocol>, now: Time): void {
    for (const { number } of items) {
      const round = this.#rounds.get(number);
      if (round?.phase!.imposed) this.#hear(round, from, undefined, effects, now);
    }
  }

  /** Answers who has waited too long, asks again who has not answered, starts what waited for this node to take part. */
  tick(effects: Effects<RegisterProtocol>, now: Time): void {
    const { noQuorumMs } = this.parts.timing;
    for (const lane of this.#lanes.values()) {
      this.#failOverdue(lane, now - noQuorumMs, effects);
      const { running } = lane;
      if (running && running.operations.length === 0) this.end(running);
      else if (running && this.#isSlow(running, now)) this.#resend(running, effects, now);
      else this.#startNext(lane, effects, now);
    }
  }

  /** Quorums are of other disks now: every phase begins again, and what was counted before counts no more. */
  restart(effects: Effects<RegisterProtocol>, now: Time): void {
    for (const round of [...this.#rounds.values()]) {
      const { imposed } = round.phase!;
      if (imposed) this.#enter(round, imposed, round.set.replicas, effects, now);
      else this.consult(round, effects, now);
    }
  }

  /** A round begins: consults, or imposes. */
  protected abstract start(round: Round<O>, effects: Effects<RegisterProtocol>, now: Time): void;
  /** A quorum has told what it holds. */
  protected abstract consulted(round: Round<O>, effects: Effects<RegisterProtocol>, now: Time): void;
  /** A quorum holds what was imposed. */
  protected abstract imposed(round: Round<O>, effects: Effects<RegisterProtocol>): void;
  /** What an operation is told that ran, or waited, for too long without a quorum. */
  protected abstract noQuorum(round: Round<O> | undefined, key: string): SynodError;
  protected abstract runsAlone(operation: O): boolean;

  protected consult(round: Round<O>, effects: Effects<RegisterProtocol>, now: Time): void {
    this.#enter(round, undefined, this.#consulted.of(round.set), effects, now);
  }

  /** Makes a cell durable on this node first, then on a quorum: it never rests on others' disks alone. */
  protected impose(round: Round<O>, cell: Cell, effects: Effects<RegisterProtocol>, now: Time): void {
    this.parts.registers.adopt(round.key, round.set, cell, effects);
    this.#enter(round, cell, round.set.replicas, effects, now);
  }

  /** The operations of this round are answered; the next may begin. */
  protected end(round: Round<O>): void {
    const lane = this.#lanes.get(round.key)!;
    if (round.phase) this.#rounds.delete(round.phase.number);
    lane.running = undefined;
    if (lane.isEmpty) this.#lanes.delete(lane.key);
    else this.#ready.push(lane);
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

  /** `imposed`: undefined in a read phase. */
  #enter(
    round: Round<O>,
    imposed: Cell | undefined,
    asked: readonly NodeId[],
    effects: Effects<RegisterProtocol>,
    now: Time,
  ): void {
    if (round.phase) this.#rounds.delete(round.phase.number);
    const number = this.parts.nextNumber();
    round.enter(number, imposed, asked, now);
    this.#rounds.set(number, round);
    this.#ask(asked, round);
    this.#hearSelf(round, effects, now);
  }

  #ask(asked: readonly NodeId[], { key, phase }: Round<O>): void {
    const { number, imposed } = phase!;
    if (imposed) this.parts.questions.write(asked, { number, key, cell: imposed });
    else this.parts.questions.read(asked, { number, key });
  }

  /**
   * Counts what this node holds itself, at once: it is durable before anything that is said from here on, for what a step
   * persists, and all before it, is.
   */
  #hearSelf(round: Round<O>, effects: Effects<RegisterProtocol>, now: Time): void {
    const { self, registers, membership } = this.parts;
    const { asked, imposed } = round.phase!;
    if (!asked.includes(self) || !membership.mayServe(round.set)) return;
    this.#hear(round, self, imposed ? undefined : registers.cell(round.key), effects, now);
  }

  /** Somebody's reply to the phase that runs; `cell`: what it holds, in a read phase. */
  #hear(round: Round<O>, from: NodeId, cell: Cell | undefined, effects: Effects<RegisterProtocol>, now: Time): void {
    const { heard, imposed } = round.phase!;
    if (!heard.add(from)) return;
    if (!imposed) round.learn(cell);
    if (!heard.reached) return;
    if (imposed) this.imposed(round, effects);
    else this.consulted(round, effects, now);
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
    const missing = replicas.filter((replica) => !phase.heard.has(replica));
    this.#ask(this.parts.questions.group(missing), round);
    this.#hearSelf(round, effects, now);
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
}
