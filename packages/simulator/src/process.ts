import type { Clock, Time } from '@synod/kernel';
import type { Scheduled, Timeline } from './timeline.js';

interface Alarm {
  readonly time: Time;
  readonly ring: () => void;
  event: Scheduled;
}

/**
 * One life of a node, from its start to its crash, and the clock that life sees. The clock starts at 0 each time, like
 * a process's monotonic clock: a machine that persists an absolute time is found out. It may run at another speed than
 * the others, and jump ahead; back it never goes.
 */
export class Process implements Clock {
  readonly #timeline: Timeline;
  /** The clock showed `#shown` at `#since`, and runs `#rate` times as fast as time from then on. */
  #since: Time;
  #shown: Time = 0;
  #rate = 1;
  /** The highest time an alarm was due: keeps the rounding of `time + since - since` from waking anybody early. */
  #floor: Time = 0;
  #alive = true;
  #held: (() => void)[] | undefined;
  readonly #alarms = new Set<Alarm>();

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#since = timeline.now;
  }

  get alive(): boolean {
    return this.#alive;
  }

  get paused(): boolean {
    return this.#held !== undefined;
  }

  now(): Time {
    return Math.max(this.#floor, this.#shown + (this.#timeline.now - this.#since) * this.#rate);
  }

  at(time: Time, task: () => void): () => void {
    let cancelled = false;
    const ring = (): void => {
      this.#alarms.delete(alarm);
      this.run(() => {
        if (cancelled) return;
        this.#floor = Math.max(this.#floor, time);
        task();
      });
    };
    const alarm: Alarm = { time, ring, event: this.#timeline.schedule(this.#when(time), ring) };
    this.#alarms.add(alarm);
    return () => {
      cancelled = true;
      this.#alarms.delete(alarm);
      alarm.event.task = undefined;
    };
  }

  /** From now on the clock runs `rate` times as fast as time. */
  runAt(rate: number): void {
    this.#reset(this.now(), rate);
  }

  /** The clock jumps ahead. */
  jump(byMs: number): void {
    this.#reset(this.now() + byMs, this.#rate);
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

  #reset(shown: Time, rate: number): void {
    if (!this.#alive) return;
    this.#shown = shown;
    this.#since = this.#timeline.now;
    this.#rate = rate;
    for (const alarm of this.#alarms) {
      alarm.event.task = undefined;
      alarm.event = this.#timeline.schedule(this.#when(alarm.time), alarm.ring);
    }
  }

  /** When the clock will show `time`. */
  #when(time: Time): Time {
    return this.#since + (time - this.#shown) / this.#rate;
  }
}
