import type { Random, Time } from '@synod/kernel';

/** Milliseconds between a queue's rounds when nothing new happens: doubling from the first to the last. */
const firstRetryMs = 1000;
const lastRetryMs = 10_000;
/** A flood of joining transfers shares rounds this far apart. */
const closestMs = 50;

/**
 * When a server with a queue starts a round by itself: when a transfer joins, when a majority returns, and
 * periodically with backoff. Without it a queue whose money waits in other servers' logs starves.
 */
export class QueueRounds {
  readonly #automatic: boolean;
  readonly #random: Random;
  #dueAt: Time | undefined;
  #lastAt: Time = Number.NEGATIVE_INFINITY;
  #retryMs = firstRetryMs;

  constructor(automatic: boolean, random: Random) {
    this.#automatic = automatic;
    this.#random = random;
  }

  get dueAt(): Time | undefined {
    return this.#dueAt;
  }

  /** Something happened that may help the queue. */
  hurry(now: Time): void {
    if (!this.#automatic) return;
    this.#retryMs = firstRetryMs;
    this.#dueAt = Math.max(now, this.#lastAt + closestMs);
  }

  /** Something waits: a round is due sooner or later. */
  keep(now: Time): void {
    if (!this.#automatic || this.#dueAt !== undefined) return;
    this.#dueAt = now + this.#retryMs * (0.5 + this.#random() / 2);
    this.#retryMs = Math.min(this.#retryMs * 2, lastRetryMs);
  }

  /** The queue is empty. */
  rest(): void {
    this.#dueAt = undefined;
    this.#retryMs = firstRetryMs;
  }

  /** Takes the due round, if one is due. */
  take(now: Time): boolean {
    if (this.#dueAt === undefined || now < this.#dueAt) return false;
    this.#dueAt = undefined;
    this.#lastAt = now;
    return true;
  }
}
