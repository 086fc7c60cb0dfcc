// Of the library this class alone: the whole is 45 modules, which every server would load as it starts.
import histogram from 'hdr-histogram-js/dist/Int32Histogram.js';

const MICROSECONDS = 1000;
/** So many are counted at once, one after the other, with all that this needs at hand. */
const GATHERED = 256;
const [LEAST, GREATEST_AT_FIRST, DIGITS] = [1, 2, 3];

/**
 * Durations in milliseconds, kept in a histogram of microseconds: recording allocates nothing, and quantiles are
 * right to three digits whatever the range (http://hdrhistogram.org).
 */
export class Times {
  readonly #histogram = new histogram.default(LEAST, GREATEST_AT_FIRST, DIGITS);
  /** What is not in the histogram yet, microseconds. */
  readonly #gathered = new Float64Array(GATHERED);
  #missing = 0;
  #count = 0;
  #totalMs = 0;

  constructor() {
    this.#histogram.autoResize = true;
  }

  record(ms: number): void {
    this.#gathered[this.#missing++] = Math.max(0, Math.round(ms * MICROSECONDS));
    if (this.#missing === GATHERED) this.#settle();
    this.#count++;
    this.#totalMs += ms;
  }

  /** Adds what another one recorded, perhaps in another process. */
  add({ counts, totalMs }: RecordedTimes): void {
    for (const [value, count] of counts) {
      this.#histogram.recordValueWithCount(value, count);
      this.#count += count;
    }
    this.#totalMs += totalMs;
  }

  /** All that was recorded, as plain data. */
  recorded(): RecordedTimes {
    this.#settle();
    const counts: [number, number][] = [];
    const values = this.#histogram.recordedValuesIterator;
    values.reset();
    while (values.hasNext()) {
      const { valueIteratedTo, countAtValueIteratedTo } = values.next();
      counts.push([valueIteratedTo, countAtValueIteratedTo]);
    }
    return { counts, totalMs: this.#totalMs };
  }

  get count(): number {
    return this.#count;
  }

  get totalMs(): number {
    return this.#totalMs;
  }

  /** 0 if nothing was recorded. */
  get meanMs(): number {
    return this.#count === 0 ? 0 : this.#totalMs / this.#count;
  }

  get p50Ms(): number {
    return this.quantileMs(50);
  }

  get p99Ms(): number {
    return this.quantileMs(99);
  }

  get maxMs(): number {
    return this.quantileMs(100);
  }

  /** Below which so many of a hundred stay. 0 if nothing was recorded. */
  quantileMs(percentile: number): number {
    this.#settle();
    return this.#count === 0 ? 0 : this.#histogram.getValueAtPercentile(percentile) / MICROSECONDS;
  }

  #settle(): void {
    for (let i = 0; i < this.#missing; i++) this.#histogram.recordValue(this.#gathered[i]!);
    this.#missing = 0;
  }
}

/** What `Times` recorded, to be sent between processes. */
export interface RecordedTimes {
  /** Microseconds, right to three digits, and how often. */
  readonly counts: readonly (readonly [microseconds: number, count: number])[];
  readonly totalMs: number;
}
