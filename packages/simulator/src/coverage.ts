import type { Evidence } from './execute.js';
import type { FaultKind } from './fault.js';
import { crashPoints } from './crash-point.js';
import type { PlanOptions, System } from './system.js';

/** What many runs did together: the proof that they tried what they were meant to try. */
export interface Coverage {
  seeds: number;
  simulatedMs: number;
  events: number;
  operations: number;
  readonly faults: Record<string, number>;
  readonly points: Record<string, number>;
  readonly messages: Record<string, number>;
  readonly answers: Record<string, number>;
}

export function noCoverage(): Coverage {
  return { seeds: 0, simulatedMs: 0, events: 0, operations: 0, faults: {}, points: {}, messages: {}, answers: {} };
}

/** Adds one run. */
export function cover(coverage: Coverage, { simulatedMs, events, operations, answers, counts }: Evidence): void {
  const { faults, points, messages } = counts;
  addCoverage(coverage, { seeds: 1, simulatedMs, events, operations, faults, points, messages, answers });
}

/** Adds what other runs did. */
export function addCoverage(coverage: Coverage, other: Readonly<Coverage>): void {
  for (const name of ['seeds', 'simulatedMs', 'events', 'operations'] as const) coverage[name] += other[name];
  for (const name of ['faults', 'points', 'messages', 'answers'] as const) {
    for (const [key, count] of Object.entries(other[name])) coverage[name][key] = (coverage[name][key] ?? 0) + count;
  }
}

/** What should have occurred with these faults and never did, by name. */
export function missing(coverage: Coverage, system: System, faults: readonly FaultKind[] = system.survives): string[] {
  // Some messages only follow some faults.
  const isWhole = system.survives.every((kind) => faults.includes(kind));
  const wanted = {
    faults,
    points: faults.includes('crash-point') ? crashPoints : [],
    messages: isWhole ? system.messages : [],
    answers: isWhole ? system.answers : [],
  };
  const words = { faults: 'fault', points: 'crash point', messages: 'message', answers: 'answer' } as const;
  return (['faults', 'points', 'messages', 'answers'] as const).flatMap((name) =>
    wanted[name].filter((key) => !coverage[name][key]).map((key) => `${words[name]} ${key}`),
  );
}

/** What each seed must at least do. */
const least = { simulatedMs: 30_000, operations: 200, faults: 5 } as const;

/** Why a run was too little to count, if it was. Faults that were asked for are as many as can happen. */
export function shortfall(
  { simulatedMs, operations, counts }: Evidence,
  { faults: chosen }: Pick<PlanOptions, 'faults'> = {},
): string | undefined {
  const faults = Object.values(counts.faults).reduce((sum, count) => sum + count, 0);
  const done = { simulatedMs, operations, faults: chosen ? Infinity : faults };
  const name = (['simulatedMs', 'operations', 'faults'] as const).find((key) => done[key] < least[key]);
  return name && `${name}: ${done[name]}, where ${least[name]} is the least`;
}
