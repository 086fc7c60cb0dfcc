import type { Standing } from './standing.js';

/** Reads under way a second time at servers that answer others: more of them would only add to the load. */
const maxUnderWay = 100;

/**
 * When a read is sent to a second server although the first may still answer. (Dean and Barroso, *The Tail at Scale*:
 * hedged requests.)
 */
export class Hedging {
  /** How long a server may take before; Infinity: never. */
  readonly delayMs: number;
  /** Tries beside the first one of their read. */
  underWay = 0;

  constructor(delayMs: number) {
    this.delayMs = delayMs;
  }

  /** Whether it may be done now, for a read that has waited at this server long enough. */
  allows(standing: Standing, now: number): boolean {
    return standing.quietMs(now) >= this.delayMs || this.underWay < maxUnderWay;
  }
}
