import type { Standing } from './standing.js';

/** A read that one server has not answered after this time goes to another one, hedged or not. */
export const tryMs = 3_000;
/** Where servers are slow rather than silent, more second tries than this would only add to the load. */
const maxUnderWay = 100;

/**
 * When a read is sent to a second server although the first may still answer. (Dean and Barroso, *The Tail at Scale*:
 * hedged requests.)
 */
export class Hedging {
  /** How long a server may take before; Infinity: never. */
  readonly delayMs: number;
  /** After which a read that waits at one server is looked at. */
  readonly patienceMs: number;
  /** Tries beside the first one of their read. */
  underWay = 0;

  constructor(delayMs: number) {
    this.delayMs = delayMs;
    this.patienceMs = Math.min(delayMs, tryMs);
  }

  /**
   * Whether a read that has waited long enough at one server may now be sent to another: any number from one that
   * answers nothing to one that does.
   */
  allows(from: Standing, to: Standing, now: number): boolean {
    return (from.quietMs(now) >= this.delayMs && to.isGood) || this.underWay < maxUnderWay;
  }
}
