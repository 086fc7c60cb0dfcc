import type { Clock, Time } from '@synod/kernel';
import type { Timeline } from './timeline.js';

/**
 * One life of a node, from its start to its crash, and the clock that life sees. The clock starts at 0 each time, like
 * a process's monotonic clock: a machine that persists an absolute time is found out.
 */
export class Process implements Clock {
  readonly #timeline: Timeline;
  readonly #born: Time;
  /** The highest time an alarm was due: keeps the rounding of `time + born - born` from waking anybody early. */
  #floor: Time = 0;
  #alive = true;
  #held: (() => void)[] | undefined;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#born = timeline.now;
  }

  get alive(): boolean {
    return this.#alive;
  }

  get paused(): boolean {
    return this.#held !== undefined;
  }

  now(): Time {
    return Math.max(this.#floor, this.#timeline.now - this.#born);
  }

  at(time: Time, task: () => void): () => void {
    const event = this.#timeline.schedule(this.#born + time, () =>
      this.run(() => {
        if (cancelled) return;
        this.#floor = Math.max(this.#floor, time);
        task();
      }),
    );
    let cancelled = false;
    return () => {
      cancelled = true;
      event.task = undefined;
    };
  }

  soon(task: () => void): void {
    this.#timeline.schedule(this.#timeline.now, () => this.run(task));
  }

  /** Runs what reaches this process now; later if it is paused, never if it is dead. */
  run(task: () => void): void {
    if (!this.#alive) return;
    if (this.#held) this.#held.push(task);
    else task();
  }

  pause(): void {
    this.#held ??= [];
  }

  resume(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const task of held) this.soon(task);
  }

  end(): void {
    this.#alive = false;
    this.#held = undefined;
  }
}
