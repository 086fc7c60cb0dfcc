import type { Time } from '@synod/kernel';
import type { Trace } from './trace.js';

const LINES_SHOWN = 40;

/** Something that must not happen did. The message holds all that is needed to see it again. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly seed: number;
  /** Virtual milliseconds from the start of the run. */
  readonly time: Time;

  constructor(what: string, at: { seed: number; time: Time; trace: Trace }, options?: ErrorOptions) {
    super(`${what}\nseed ${at.seed}, at ${at.time.toFixed(3)} ms, after\n${at.trace.tail(LINES_SHOWN)}`, options);
    this.seed = at.seed;
    this.time = at.time;
  }
}
