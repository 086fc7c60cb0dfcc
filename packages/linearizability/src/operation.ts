/** What a register holds. `null` is no value: the register as it was before its first write, unless told otherwise. */
export type Value = string | number | boolean | null;

/** Nanoseconds on one monotonic clock, exact: `bigint` above 2^53-1. */
export type Instant = number | bigint;

/** The part of a timestamp that is exchanged: its counter and its writer. */
export type Tag = readonly [counter: number | bigint, writer: string];

/** How an operation ended: it happened; it did not; nobody knows, and it may still happen at any time. */
export type Outcome = 'ok' | 'fail' | 'info';

/** One read or write of one register, from its invocation to its end. */
export interface Operation {
  /** Who ran it: one operation at a time, and none after an unknown outcome. */
  readonly process: number | bigint;
  readonly f: 'read' | 'write';
  readonly key: string;
  /** What was to be written, or what a read that is `ok` returned. */
  readonly value: Value;
  readonly outcome: Outcome;
  readonly start: Instant;
  /** Undefined if the outcome is unknown. */
  readonly end: Instant | undefined;
  readonly tag?: Tag | undefined;
}

/** Operations in any order. */
export type History = readonly Operation[];

/**
 * Where an operation that may still happen ends. Instants and infinity compare exactly in any mixture: JavaScript
 * compares a bigint with a number by their mathematical values.
 */
export function endOf({ end }: Operation): Instant {
  return end ?? Infinity;
}

/**
 * Whether `a` had ended when `b` began, the "precedes" of Herlihy and Wing. Equal times say nothing: on a clock that
 * ticks slower than the operations, ordering them would report violations that did not happen.
 */
export function precedes(a: Operation, b: Operation): boolean {
  return endOf(a) < b.start;
}

/** Smaller first. */
export function compareInstants(a: Instant, b: Instant): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
