/** What can wait in a wheel: for one moment at a time. The first three belong to the wheel. */
export interface Timed {
  /** The tick that it waits for; 0 while it does not wait. */
  due: number;
  before: Timed | undefined;
  after: Timed | undefined;
  /** Its moment has come. It waits no more, unless it is set again. */
  onDue(): void;
  /** Nothing will come any more. It waits no more, for good. */
  giveUp(why: string): void;
}

const tickMs = 10;
const slotCount = 512;

/**
 * One timer for all that waits in a client: setting and clearing touches two neighbours, however much waits. (Varghese
 * and Lauck, *Hashed and Hierarchical Timing Wheels*, scheme 6.) It is never early, late by a tick or two, and stands
 * still while nothing waits.
 */
export class TimerWheel {
  readonly #slots = new Array<Timed | undefined>(slotCount).fill(undefined);
  #tick = 0;
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Calls `onDue` at `at`, as `performance.now()` counts, and not when it was set to before. */
  set(timed: Timed, at: number): void {
    this.clear(timed);
    this.#start();
    timed.due = Math.max(this.#tick + 1, Math.ceil(at / tickMs));
    const slot = timed.due % slotCount;
    const first = this.#slots[slot];
    if (first) first.before = timed;
    timed.after = first;
    this.#slots[slot] = timed;
    this.#waiting++;
  }

  clear(timed: Timed): void {
    if (timed.due === 0) return;
    const { before, after } = timed;
    if (before) before.after = after;
    else this.#slots[timed.due % slotCount] = after;
    if (after) after.before = before;
    timed.due = 0;
    timed.before = undefined;
    timed.after = undefined;
    this.#waiting--;
  }

  /** Everything that waits gives up. */
  close(why: string): void {
    for (let slot = 0; slot < slotCount; slot++) {
      for (const timed of this.#inSlot(slot)) {
        this.clear(timed);
        timed.giveUp(why);
      }
    }
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
      for (const timed of this.#inSlot(this.#tick % slotCount)) {
        // Those before it may have cleared it, or set it anew.
        if (timed.due === 0 || timed.due > now) continue;
        this.clear(timed);
        timed.onDue();
      }
    }
    // A caller that does one thing after the other would start and stop it all the time: it stops at a tick.
    if (this.#waiting > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #inSlot(slot: number): Timed[] {
    const all: Timed[] = [];
    for (let timed = this.#slots[slot]; timed; timed = timed.after) all.push(timed);
    return all;
  }
}

function currentTick(): number {
  return Math.floor(performance.now() / tickMs);
}
