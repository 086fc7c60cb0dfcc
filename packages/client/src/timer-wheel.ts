/** What can wait in a wheel: for one moment at a time. */
export interface Timed {
  /** The tick that it waits for; kept by the wheel, 0 while it does not wait. */
  due: number;
  /** Its moment has come. It waits no more, unless it is set again. */
  onDue(): void;
}

const tickMs = 10;
const slotCount = 512;

/**
 * One timer for all that waits in a client: setting and clearing costs a place in a set, however much waits. (Varghese
 * and Lauck, *Hashed and Hierarchical Timing Wheels*, scheme 6.) It is never early, late by a tick or two, and stands
 * still while nothing waits.
 */
export class TimerWheel {
  readonly #slots = Array.from({ length: slotCount }, () => new Set<Timed>());
  #tick = 0;
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Calls `onDue` in `ms` milliseconds, and not when it was set to before. */
  set(timed: Timed, ms: number): void {
    this.clear(timed);
    this.#start();
    timed.due = Math.max(this.#tick + 1, Math.ceil((performance.now() + ms) / tickMs));
    this.#slotOf(timed.due).add(timed);
    this.#waiting++;
  }

  clear(timed: Timed): void {
    if (timed.due === 0) return;
    this.#slotOf(timed.due).delete(timed);
    timed.due = 0;
    this.#waiting--;
  }

  #start(): void {
    if (this.#timer) return;
    this.#tick = currentTick();
    // After the poll phase: an answer that has arrived comes before the end of the wait for it.
    this.#timer = setInterval(() => setImmediate(() => this.#advance()), tickMs);
  }

  #advance(): void {
    const now = currentTick();
    // After a long pause of the process each slot is visited once.
    this.#tick = Math.max(this.#tick, now - slotCount);
    while (this.#tick < now) {
      this.#tick++;
      for (const timed of this.#slotOf(this.#tick)) {
        if (timed.due > now) continue;
        this.clear(timed);
        timed.onDue();
      }
    }
    // A caller that does one thing after the other would start and stop it all the time: it stops at a tick.
    if (this.#waiting > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #slotOf(tick: number): Set<Timed> {
    return this.#slots[tick % slotCount]!;
  }
}

function currentTick(): number {
  return Math.floor(performance.now() / tickMs);
}
