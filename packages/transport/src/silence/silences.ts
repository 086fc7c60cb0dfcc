import { compareNatural, type Clock, type Time } from '@synod/kernel';
import type { SilenceReport } from '../register/register-report.js';
import type { Muting, Topic } from './topic.js';

/** A silence as it is set: from `afterMs` milliseconds from now on. */
export interface NewSilence extends Omit<SilenceReport, 'active'> {
  readonly afterMs: number;
}

interface Silence extends Omit<SilenceReport, 'active'> {
  readonly from: Time;
  readonly forgetAlarm: () => void;
}

/**
 * What a server keeps to itself, to emulate one that fails silently: what is muted vanishes without a word, while the
 * server goes on receiving and remembering. Nothing that vanished is said when a silence is lifted.
 *
 * One silence a register, and one for the whole server. The clock alone says whether a silence has begun; alarms only
 * tell that it has.
 */
export class Silences implements Muting {
  readonly #clock: Pick<Clock, 'now' | 'at'>;
  readonly #onChange: () => void;
  /** The one of the whole server under undefined. */
  readonly #silences = new Map<string | undefined, Silence>();

  /** `onChange`: a silence was set, has begun or was lifted. */
  constructor(clock: Pick<Clock, 'now' | 'at'>, onChange: () => void = () => {}) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get isEmpty(): boolean {
    return this.#silences.size === 0;
  }

  /** What is about several registers at once is muted if one of them is: without it, it would be no longer true. */
  mutes({ keys, phase }: Topic): boolean {
    if (this.isEmpty) return false;
    const now = this.#clock.now();
    if (mutesPhase(this.#silences.get(undefined), phase, now)) return true;
    for (const key of keys) if (mutesPhase(this.#silences.get(key), phase, now)) return true;
    return false;
  }

  /** Takes the place of the silence about the same register, or of that of the whole server. */
  set({ key, phase, afterMs }: NewSilence): void {
    const from = this.#clock.now() + afterMs;
    const forgetAlarm = afterMs > 0 ? this.#clock.at(from, this.#onChange) : () => {};
    this.#silences.get(key)?.forgetAlarm();
    this.#silences.set(key, { key, phase, from, forgetAlarm });
    this.#onChange();
  }

  /** Lifts the silence about a register; undefined: all silences. */
  lift(key: string | undefined): void {
    if (key === undefined) {
      this.close();
      this.#silences.clear();
    } else {
      this.#silences.get(key)?.forgetAlarm();
      this.#silences.delete(key);
    }
    this.#onChange();
  }

  /** That of the whole server first, then by key in natural order. */
  list(): SilenceReport[] {
    const now = this.#clock.now();
    return [...this.#silences.values()]
      .map(({ key, phase, from }) => ({ key, phase, active: from <= now }))
      .sort((a, b) => compareNatural(a.key ?? '', b.key ?? ''));
  }

  /** No alarm rings any more, and none keeps the process alive. What is silent stays so. */
  close(): void {
    for (const { forgetAlarm } of this.#silences.values()) forgetAlarm();
  }
}

function mutesPhase(silence: Silence | undefined, phase: Topic['phase'], now: Time): boolean {
  if (!silence || now < silence.from) return false;
  return silence.phase === undefined || silence.phase === phase;
}
