import { Fifo, type SynodError } from '@synod/kernel';
import { Times, type RecordedTimes } from '@synod/metrics';
import type { Subject } from './subject.js';

export interface LoadOptions {
  /** How many operations are under way at most. */
  readonly inFlight: number;
  /** Arrivals a second; undefined: the next operation begins when one ends. */
  readonly rate: number | undefined;
}

/** What a load did between `measure` and `stop`, as plain data. */
export interface LoadResult {
  readonly seconds: number;
  /** Times of what succeeded, by kind of operation. */
  readonly times: Readonly<Record<string, RecordedTimes>>;
  /** How many failed, by code. */
  readonly failed: Readonly<Record<string, number>>;
  /** Arrivals whose turn had not come at the end. */
  readonly waiting: number;
  readonly counters: Readonly<Record<string, number>>;
}

/** How often arrivals at a fixed rate are looked at. */
const tickMs = 1;
/** A server that refuses at once would be asked nothing but that. */
const afterFailureMs = 10;

/**
 * Keeps operations under way. At a fixed rate the time of each counts from when it was due, not from when there was room for
 * it: a server that stands still delays everybody who would have come meanwhile. (Gil Tene, *How NOT to Measure Latency*:
 * coordinated omission.)
 */
export class Load {
  readonly #subject: Subject;
  readonly #options: LoadOptions;
  /** When those that wait for their turn were due. */
  readonly #due = new Fifo<number>();
  #times = new Map<string, Times>();
  #failed = new Map<string, number>();
  #counters: Readonly<Record<string, number>> = {};
  #underWay = 0;
  #arrived = 0;
  #startedAt = 0;
  #measuredFrom = 0;
  #state: 'running' | 'measuring' | 'stopped' = 'running';
  #ticker: NodeJS.Timeout | undefined;
  #idle: (() => void) | undefined;

  constructor(subject: Subject, options: LoadOptions) {
    this.#subject = subject;
    this.#options = options;
  }

  start(): void {
    this.#startedAt = performance.now();
    if (this.#options.rate === undefined) this.#fill();
    else this.#tick(this.#options.rate);
  }

  /** What ends from now on counts. */
  measure(): void {
    this.#times = new Map();
    this.#failed = new Map();
    this.#counters = this.#subject.counters?.() ?? {};
    this.#state = 'measuring';
    this.#measuredFrom = performance.now();
  }

  /** What ends from now on does not count. Resolves when nothing is under way. */
  async stop(): Promise<LoadResult> {
    const seconds = (performance.now() - this.#measuredFrom) / 1000;
    this.#state = 'stopped';
    clearTimeout(this.#ticker);
    const now = this.#subject.counters?.() ?? {};
    const counters = Object.fromEntries(
      Object.entries(now).map(([name, count]) => [name, count - (this.#counters[name] ?? 0)]),
    );
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    const times = Object.fromEntries([...this.#times].map(([kind, recorded]) => [kind, recorded.recorded()]));
    return { seconds, times, failed: Object.fromEntries(this.#failed), waiting: this.#due.length, counters };
  }

  #fill(): void {
    while (this.#underWay < this.#options.inFlight) this.#begin(performance.now());
  }

  #tick(rate: number): void {
    const now = performance.now();
    for (;;) {
      const due = this.#startedAt + (this.#arrived * 1000) / rate;
      if (due > now) break;
      this.#arrived++;
      if (this.#underWay < this.#options.inFlight) this.#begin(due);
      else this.#due.push(due);
    }
    this.#ticker = setTimeout(() => this.#tick(rate), tickMs);
  }

  #begin(since: number): void {
    this.#underWay++;
    this.#subject.begin((kind, error) => this.#ended(since, kind, error));
  }

  #ended(since: number, kind: string, error: SynodError | undefined): void {
    const now = performance.now();
    if (this.#state === 'measuring') {
      if (error) this.#failed.set(error.code, (this.#failed.get(error.code) ?? 0) + 1);
      else this.#timesOf(kind).record(now - since);
    }
    if (error && this.#state !== 'stopped') setTimeout(() => this.#next(), afterFailureMs);
    else this.#next();
  }

  #next(): void {
    this.#underWay--;
    if (this.#state === 'stopped') {
      if (this.#underWay === 0) this.#idle?.();
    } else if (this.#options.rate === undefined) {
      this.#begin(performance.now());
    } else {
      const due = this.#due.shift();
      if (due !== undefined) this.#begin(due);
    }
  }

  #timesOf(kind: string): Times {
    let times = this.#times.get(kind);
    if (!times) this.#times.set(kind, (times = new Times()));
    return times;
  }
}
