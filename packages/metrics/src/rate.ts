import type { Time } from '@synod/kernel';

const WINDOW_MS = 10_000;
const SLOT_MS = 100;
const SLOTS = WINDOW_MS / SLOT_MS;

/** How many events a second there were over the last ten seconds, or since the start if that is shorter. */
export class Rate {
  /** A ring: slot i counts the events of the tenth of a second i modulo `SLOTS`. */
  readonly #counts = new Float64Array(SLOTS);
  readonly #started: Time;
  #slot: number;

  constructor(now: Time) {
    this.#started = now;
    this.#slot = slotOf(now);
  }

  count(now: Time): void {
    this.#advance(now);
    this.#counts[this.#slot % SLOTS]!++;
  }

  /** The first second counts as a whole one. */
  perSecond(now: Time): number {
    this.#advance(now);
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    return (total * 1000) / Math.min(WINDOW_MS, Math.max(1000, now - this.#started));
  }

  #advance(now: Time): void {
    const slot = slotOf(now);
    const stale = Math.min(SLOTS, slot - this.#slot);
    for (let i = 0; i < stale; i++) this.#counts[(slot - i) % SLOTS] = 0;
    this.#slot = Math.max(this.#slot, slot);
  }
}

function slotOf(time: Time): number {
  return Math.floor(time / SLOT_MS);
}
