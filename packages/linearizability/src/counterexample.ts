import { endOf, type Operation } from './operation.js';
import { drawTimeline, show } from './timeline.js';
import type { Zone } from './zones.js';

/** A part of a history that no order explains; and so none explains the whole. */
export interface Counterexample {
  /** In order of their starts. */
  readonly operations: readonly Operation[];
  /** Sentences for people. */
  readonly reasons: readonly string[];
}

/** The counterexample as text: the reasons, and the operations on a time line. */
export function explain({ operations, reasons }: Counterexample): string {
  return [...reasons, drawTimeline(operations)].join('\n');
}

/** What an operation is called in reasons. */
export function nameOf({ f, value, process }: Operation): string {
  return `${f} ${show(value)} of process ${process}`;
}

/** Why the value of `a` stood in the register before that of `b`. */
export function whyBefore(a: Zone, b: Zone): string {
  const order = `${show(a.value)} was there before ${show(b.value)}: `;
  if (a.firstEnd === -Infinity) return `${order}it is the initial value`;
  const ended = a.operations.find((operation) => endOf(operation) === a.firstEnd)!;
  const began = b.operations.find(({ start }) => start === b.lastStart)!;
  return `${order}${nameOf(ended)} ended before ${nameOf(began)} began`;
}
