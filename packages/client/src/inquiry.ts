import { SynodError, type NodeId } from '@synod/kernel';
import type { ReplicaReply } from '@synod/register';
import type { OperationOutcome, Submission } from '@synod/transport/client';
import type { Hedging } from './hedging.js';
import { isOfServer } from './lasting-session.js';
import type { ServerLink } from './server-link.js';
import type { Timed, TimerWheel } from './timer-wheel.js';

/** Who asks about a register. */
export interface Inquirer {
  readonly key: string;
  /** When its time is up, as `performance.now()` counts. */
  readonly end: number;
  /** It has not left. */
  readonly waits: boolean;
  /** Undefined: the replica says nothing of it, or can not be asked. */
  told(from: Asked, reply: ReplicaReply | undefined, now: number): void;
  /** Somebody takes too long: it leaves. */
  late(now: number): void;
  giveUp(why: string): void;
}

/** One replica that is asked. */
export interface Asked {
  readonly node: NodeId;
  readonly link: ServerLink;
  /** The first one is asked for the values, the others are not. */
  readonly timestampOnly: boolean;
  submission: Submission | undefined;
  answered: boolean;
}

/**
 * What the reads of one moment ask of a majority of the same replicas: each of these once, about all of their registers,
 * and one wait for all of them.
 */
export class Inquiry implements Timed {
  due = 0;
  before: Timed | undefined;
  after: Timed | undefined;
  readonly #asked: readonly Asked[];
  readonly #wheel: TimerWheel;
  readonly #hedging: Hedging;
  readonly #inquirers: Inquirer[] = [];
  #waiting = 0;
  #missing: number;
  /** When it is due, if anybody waits. */
  #at = 0;

  constructor(asked: readonly Asked[], wheel: TimerWheel, hedging: Hedging) {
    this.#asked = asked;
    this.#wheel = wheel;
    this.#hedging = hedging;
    this.#missing = asked.length;
  }

  get size(): number {
    return this.#inquirers.length;
  }

  /** Everybody has answered. */
  get isComplete(): boolean {
    return this.#missing === 0;
  }

  add(inquirer: Inquirer, now: number): void {
    this.#inquirers.push(inquirer);
    this.#waiting++;
    if (this.#waiting === 1 || inquirer.end < this.#at) this.#arm(inquirer.end, now);
  }

  /** One of them does not wait any more: when none does, nothing is kept for an answer that may never come. */
  leave(): void {
    this.#waiting--;
    if (this.#waiting > 0) return;
    this.#wheel.clear(this);
    for (const { answered, submission } of this.#asked) if (!answered) submission?.withdraw();
  }

  send(): void {
    const keys = this.#inquirers.map(({ key }) => key);
    for (const one of this.#asked) {
      if (this.#waiting === 0) return;
      const { link, timestampOnly } = one;
      const question = { type: 'consult', keys, timestampOnly } as const;
      one.submission = link.registers.submit(question, (result) => this.#answered(one, result));
    }
  }

  /** Somebody takes too long. A read by a replica as well may be one too many. */
  onDue(): void {
    const now = performance.now();
    const late = this.#asked.find(({ answered }) => !answered)!;
    const prompt = this.#asked.find(({ answered }) => answered) ?? late;
    const hedged = this.#hedging.allows(late.link.standing, prompt.link.standing, now);
    const waiting = this.#inquirers.filter(({ waits }) => waits);
    const leaving = hedged ? waiting : waiting.filter(({ end }) => now >= end);
    if (leaving.length > 0) for (const { answered, link } of this.#asked) if (!answered) link.standing.failed(now);
    for (const inquirer of leaving) inquirer.late(now);
    const ends = waiting.filter(({ waits }) => waits).map(({ end }) => end);
    if (ends.length > 0) this.#arm(Math.min(...ends), now);
  }

  giveUp(why: string): void {
    for (const inquirer of this.#inquirers) if (inquirer.waits) inquirer.giveUp(why);
  }

  #answered(from: Asked, result: OperationOutcome | SynodError): void {
    const now = performance.now();
    from.answered = true;
    this.#missing--;
    if (isOfServer(result)) from.link.standing.answered(now);
    const replies = result instanceof SynodError || result.type !== 'consulted' ? [] : result.replies;
    let place = 0;
    for (const inquirer of this.#inquirers) {
      const reply = replies[place++];
      if (inquirer.waits) inquirer.told(from, reply, now);
    }
  }

  #arm(end: number, now: number): void {
    this.#at = Math.min(end, now + this.#hedging.patienceMs);
    this.#wheel.set(this, this.#at);
  }
}
