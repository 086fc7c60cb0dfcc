import type { Time } from '@synod/kernel';
import { writeSchedule, type Schedule } from './schedule.js';
import type { Trace } from './trace.js';

const LINES_SHOWN = 40;

/** Something that must not happen did. The message holds all that is needed to see it again. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** What is wrong. */
  readonly what: string;
  readonly seed: number;
  /** Virtual milliseconds from the start of the run. */
  readonly time: Time;
  /** What led to it, if that is data. */
  schedule: Schedule | undefined;
  readonly #text: string;

  constructor(what: string, at: { seed: number; time: Time; trace: Trace }, options?: ErrorOptions) {
    const text = `${what}\nseed ${at.seed}, at ${at.time.toFixed(3)} ms, after\n${at.trace.tail(LINES_SHOWN)}`;
    super(text, options);
    this.what = what;
    this.seed = at.seed;
    this.time = at.time;
    this.#text = text;
  }

  /** Whether the first line of the other one says the same but for numbers: names of nodes, times and values differ from run to run. */
  isLike(other: Violation): boolean {
    return wording(this.what) === wording(other.what);
  }

  /** The same violation, with what led to it. */
  in(schedule: Schedule): this {
    this.schedule = schedule;
    this.message = `${this.#text}\nin this schedule:\n${writeSchedule(schedule)}`;
    return this;
  }
}

function wording(what: string): string {
  return what.split('\n')[0]!.replace(/\d+/g, '#');
}
