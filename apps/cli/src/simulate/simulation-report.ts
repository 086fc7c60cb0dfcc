import type { Coverage } from '@synod/simulator';
import type { SeedRange } from './seed-pool.js';
import type { FoundViolation } from './seed-worker.js';

/** What `synod simulate` found. */
export interface SimulationReport extends Coverage {
  readonly system: string;
  readonly range: SeedRange;
  /** Wall-clock time. */
  readonly seconds: number;
  /** What never occurred and should have, by name. Empty if there were too few seeds to tell. */
  readonly never: readonly string[];
  readonly violation: (FoundViolation & { readonly file: string; readonly replay: string }) | undefined;
}

/** For people. */
export function renderSimulation(report: SimulationReport): string[] {
  const { system, range, seeds, simulatedMs, operations, events, seconds, never, violation } = report;
  const hours = (simulatedMs / 3_600_000).toFixed(1);
  return [
    `${system}: seeds ${range.from} to ${range.to}, ${grouped(seeds)} clean, ${hours} simulated hours in ${seconds.toFixed(1)} s`,
    `${grouped(operations)} operations, ${grouped(events)} events: ${perSecond(operations, seconds)} operations/s, ${perSecond(events, seconds)} events/s`,
    ...counted('faults', report.faults),
    ...counted('crash points', report.points),
    ...counted('messages', report.messages),
    ...counted('answers', report.answers),
    ...(never.length > 0 ? [`never: ${never.join(', ')}`] : []),
    ...(violation ? renderViolation(violation) : []),
  ];
}

function renderViolation({
  seed,
  what,
  timeMs,
  schedule,
  file,
  replay,
}: NonNullable<SimulationReport['violation']>): string[] {
  const items = [...schedule.faults, ...schedule.operations].sort((a, b) => a.at - b.at);
  return [
    `VIOLATED in seed ${seed}, at ${timeMs.toFixed(3)} ms: ${what}`,
    `${schedule.faults.length} faults and ${schedule.operations.length} operations lead to it, on ${schedule.nodes.join(', ')}:`,
    ...items.map(({ at, ...item }) => `${at.toFixed(3).padStart(12)} ${JSON.stringify(item)}`),
    `written to ${file}; to see it again: ${replay}`,
  ];
}

function counted(title: string, counts: Readonly<Record<string, number>>): string[] {
  const each = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  return each.length === 0 ? [] : [`${title}: ${each.map(([name, count]) => `${name} ${grouped(count)}`).join(', ')}`];
}

function perSecond(count: number, seconds: number): string {
  return grouped(Math.round(count / seconds));
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
