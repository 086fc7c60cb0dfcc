import type { NodeId, Time } from '@synod/kernel';
import type { Answers } from './answers.js';
import type { RoundEnd, Timing } from './options.js';

/** When what is wanted has failed, and how it ends then. */
export interface Failure {
  readonly at: Time;
  readonly end: (now: Time) => RoundEnd;
}

/**
 * How long a proposer waits for what is wanted. Answers decide, not attempts: a minority whose members beat one another's
 * ballots for ever, or hear servers that do not hear them, ends in the same time as one that is silent.
 */
export class Patience {
  readonly #answers: Answers;
  readonly #timing: Timing;
  /** When the running want began, or when its phase 2 did: a quorum had answered then, if long ago. */
  #since: Time = 0;
  /** A want that a block interrupts and that is renewed in the same step is the same want: patience goes on. */
  #interruptedAt: Time | undefined;

  constructor(answers: Answers, timing: Timing) {
    this.#answers = answers;
    this.#timing = timing;
  }

  /** Something is wanted from now on. */
  begin(now: Time): void {
    if (now !== this.#interruptedAt) this.#since = now;
  }

  /** A block came, and what is wanted has to be asked for again. */
  interrupt(now: Time): void {
    this.#interruptedAt = now;
  }

  /** A quorum has answered. */
  renew(now: Time): void {
    this.#since = now;
  }

  /** The last moment at which a quorum is known to have answered, or at which it was fair to begin to ask. */
  get at(): Time {
    return Math.max(this.#since, this.#answers.quorum());
  }

  /**
   * `awaited`: servers that must answer, for who names the servers to gather from waits for each of them: a slow machine
   * must not change what is decided. Undefined: a quorum must.
   */
  failure(awaited: readonly NodeId[] | undefined): Failure {
    if (!awaited) return { at: this.at + this.#timing.noQuorumMs, end: () => ({ kind: 'no-quorum' }) };
    return {
      at: Math.min(...awaited.map((node) => this.#silentAt(node))),
      end: (now) => ({ kind: 'silent', missing: awaited.filter((node) => this.#silentAt(node) <= now) }),
    };
  }

  #silentAt(node: NodeId): Time {
    return Math.max(this.#since, this.#answers.last(node)) + this.#timing.silentMs;
  }
}
