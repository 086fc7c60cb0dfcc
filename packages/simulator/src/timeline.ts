import { invariant, type Time } from '@synod/kernel';

/** Something that will happen. Cancelled by taking its task away. */
export interface Scheduled {
  readonly time: Time;
  readonly sequence: number;
  task: (() => void) | undefined;
}

/** More events than this in one instant mean that somebody answers himself for ever and time stands still. */
const EVENTS_PER_INSTANT_MAX = 1_000_000;

/** Virtual time: a binary heap of events by (time, order of scheduling). Milliseconds from 0. */
export class Timeline {
  readonly #heap: Scheduled[] = [];
  #now: Time = 0;
  #sequence = 0;
  #sinceLastMove = 0;

  get now(): Time {
    return this.#now;
  }

  /** Runs `task` at `time`, or at this very instant if that is past: after everything scheduled before it. */
  schedule(time: Time, task: () => void): Scheduled {
    const event = { time: time > this.#now ? time : this.#now, sequence: this.#sequence++, task };
    this.#push(event);
    return event;
  }

  /** Runs the next event, if there is one not later than `limit`. Otherwise moves the time to `limit`. */
  advance(limit: Time): boolean {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.time > limit) {
        this.#now = limit;
        return false;
      }
      this.#pop();
      if (next.task === undefined) continue;
      this.#sinceLastMove = next.time > this.#now ? 0 : this.#sinceLastMove + 1;
      invariant(this.#sinceLastMove < EVENTS_PER_INSTANT_MAX, 'time moves on');
      this.#now = next.time;
      next.task();
      return true;
    }
  }

  #push(event: Scheduled): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Scheduled, b: Scheduled): boolean {
  return a.time < b.time || (a.time === b.time && a.sequence < b.sequence);
}
