import { Times } from '@synod/metrics';
import type { LoadResult } from './load.js';
import type { MachineFacts } from './machine-facts.js';
import type { BenchPlan } from './plan.js';
import type { ProcessUsage } from './process-usage.js';
import type { BenchProcess } from './stages/stage.js';
import type { Verification } from './subject.js';

/** Milliseconds. */
export interface Latencies {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface ProcessReport extends Pick<BenchProcess, 'name' | 'role'> {
  /** In the measured time. */
  readonly cpuSeconds: number;
  /** Of one core. */
  readonly cpuShare: number;
  readonly cpuMicrosecondsPerOperation: number;
  readonly peakBytes: number;
}

/** What `synod bench --json` prints: docs/formats.md, "Benchmark". */
export interface BenchReport {
  readonly plan: BenchPlan;
  readonly command: string;
  readonly date: string;
  readonly machine: MachineFacts;
  readonly disk: { readonly inMemory: boolean; readonly syncsPerSecond: number } | undefined;
  readonly seconds: number;
  /** Those that did what they were asked for. */
  readonly operations: number;
  readonly perSecond: number;
  readonly latencies: Readonly<Record<string, Latencies>>;
  /** By code. */
  readonly failed: Readonly<Record<string, number>>;
  /** Arrivals whose turn had not come at the end. */
  readonly waiting: number;
  /** What the system counts itself, a second. */
  readonly rates: Readonly<Record<string, number>>;
  readonly processes: readonly ProcessReport[];
  readonly verified: Pick<Verification, 'checked' | 'lost'>;
  readonly notes: readonly string[];
}

/** Answers that say no: they took their time, and nothing was done. */
const refusals: ReadonlySet<string> = new Set(['rejected', 'pending']);
/** A process that uses more than this of a core may be what holds the others up. */
const busyShare = 0.9;

/** The usage of one process before and after the measured time. */
export interface MeasuredProcess extends BenchProcess {
  readonly before: ProcessUsage | undefined;
  readonly after: ProcessUsage | undefined;
}

export interface Measured {
  readonly plan: BenchPlan;
  readonly results: readonly LoadResult[];
  readonly processes: readonly MeasuredProcess[];
  /** By how much what the servers count has grown. */
  readonly counters: Readonly<Record<string, number>>;
  readonly disk: BenchReport['disk'];
  readonly verification: Verification;
  readonly machine: MachineFacts;
  readonly command: string;
  readonly date: Date;
}

export function benchReport(measured: Measured): BenchReport {
  const { plan, results, disk, verification, machine, command, date } = measured;
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0) / results.length;
  const times = mergeTimes(results);
  const operations = [...times].reduce((sum, [kind, { count }]) => sum + (refusals.has(kind) ? 0 : count), 0);
  const processes = measured.processes.flatMap((one) => processReport(one, seconds, operations));
  const waiting = results.reduce((sum, result) => sum + result.waiting, 0);
  return {
    plan,
    command,
    date: date.toISOString(),
    machine,
    disk,
    seconds,
    operations,
    perSecond: operations / seconds,
    latencies: Object.fromEntries([...times].map(([kind, recorded]) => [kind, latencies(recorded)])),
    failed: sums(results.map(({ failed }) => failed)),
    waiting,
    rates: Object.fromEntries(
      Object.entries(sums([measured.counters, ...results.map(({ counters }) => counters)])).map(([name, count]) => [
        name,
        count / seconds,
      ]),
    ),
    processes,
    verified: { checked: verification.checked, lost: verification.lost },
    notes: [...notesOn(processes), ...(disk?.inMemory ? ['the data is in memory (tmpfs): nothing is durable'] : [])],
  };
}

function mergeTimes(results: readonly LoadResult[]): Map<string, Times> {
  const merged = new Map<string, Times>();
  for (const { times } of results) {
    for (const [kind, text] of Object.entries(times)) {
      if (!merged.has(kind)) merged.set(kind, new Times());
      merged.get(kind)!.add(text);
    }
  }
  return merged;
}

function latencies(times: Times): Latencies {
  const { count, meanMs: mean, p50Ms: p50, p99Ms: p99, maxMs: max } = times;
  return { count, mean, p50, p90: times.quantileMs(90), p99, p999: times.quantileMs(99.9), max };
}

function processReport(
  { name, role, before, after }: MeasuredProcess,
  seconds: number,
  operations: number,
): ProcessReport[] {
  if (!before || !after) return [];
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  const cpuMicrosecondsPerOperation = operations === 0 ? 0 : (cpuSeconds * 1e6) / operations;
  const { peakBytes } = after;
  return [{ name, role, cpuSeconds, cpuShare: cpuSeconds / seconds, cpuMicrosecondsPerOperation, peakBytes }];
}

function notesOn(processes: readonly ProcessReport[]): string[] {
  const busy = processes.filter(({ role, cpuShare }) => role === 'client' && cpuShare > busyShare);
  if (busy.length === 0) return [];
  return [
    `${busy.map(({ name }) => name).join(', ')}: busy all the time, the servers may be able to do more (--clients)`,
  ];
}

function sums(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const one of counts) for (const [name, count] of Object.entries(one)) total[name] = (total[name] ?? 0) + count;
  return total;
}
