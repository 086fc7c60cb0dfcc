import { table } from '../menu/table.js';
import type { BenchReport, Latencies, ProcessReport } from './bench-report.js';
import type { BenchPlan } from './plan.js';

/** A report as lines for people. */
export function renderReport(report: BenchReport): string[] {
  const { plan, machine, disk, seconds, perSecond, operations, failed, waiting, rates, verified, notes } = report;
  const { synod, node, cores, processor } = machine;
  const refused = Object.entries(failed).map(([code, count]) => `${whole(count)} ${code}`);
  return [
    describe(plan),
    `  ${report.date.slice(0, 10)}, Synod ${synod}, Node ${node.slice(1)}, ${cores} cores (${processor})`,
    ...(disk ? [`  the disk by itself: ${whole(disk.syncsPerSecond)} synced appends of 4 KiB/s`] : []),
    '',
    `  ${whole(perSecond)} operations/s (${whole(operations)} in ${seconds.toFixed(1)} s)`,
    ...Object.entries(rates).map(([name, rate]) => `  ${whole(rate)} ${name}/s`),
    '',
    ...latencyTable(report.latencies),
    '',
    ...processTable(report.processes),
    '',
    ...(refused.length > 0 ? [`  FAILED: ${refused.join(', ')}`] : []),
    ...(waiting > 0 ? [`  ${whole(waiting)} arrivals still waited at the end: this is more than it can take`] : []),
    ...verified.lost.map((line) => `  LOST: ${line}`),
    ...(verified.lost.length === 0
      ? [`  ${whole(verified.checked)} looked at again, nothing acknowledged is lost`]
      : []),
    ...notes.map((note) => `  note: ${note}`),
  ];
}

function describe(plan: BenchPlan): string {
  const { system, servers, connect, embedded, inFlight, rate, clients, unary, valueBytes } = plan;
  const where = connect
    ? `at ${connect.join(', ')}`
    : embedded
      ? `${servers} replicas in one process`
      : `${servers} servers`;
  const parts = [system === 'storage' ? system : `${system}, ${where}`, `${inFlight} in flight`];
  if (rate !== undefined) parts.push(`${whole(rate)} arrivals/s`);
  const source = plan.readFrom === 'replicas' ? ' from the replicas' : '';
  if (system === 'register')
    parts.push(`${plan.keys} keys`, `${plan.readShare * 100} % reads${source}`, `writer: ${plan.writer}`);
  if (system === 'ledger') parts.push(`load: ${plan.load}`);
  else parts.push(`${valueBytes} bytes`);
  if (clients > 1) parts.push(`${clients} clients`);
  if (unary) parts.push('one call an operation');
  return parts.join(', ');
}

function latencyTable(latencies: Readonly<Record<string, Latencies>>): string[] {
  const rows = Object.entries(latencies).map(([kind, { count, mean, p50, p90, p99, p999, max }]) => {
    return [kind, whole(count), ...[mean, p50, p90, p99, p999, max].map((ms) => ms.toFixed(2))];
  });
  return table(['ms', 'count', 'mean', 'p50', 'p90', 'p99', 'p99.9', 'max'], rows, [1, 2, 3, 4, 5, 6, 7]);
}

function processTable(processes: readonly ProcessReport[]): string[] {
  const rows = processes.map(({ name, cpuShare, cpuMicrosecondsPerOperation, peakBytes }) => [
    name,
    `${(cpuShare * 100).toFixed(0)} %`,
    cpuMicrosecondsPerOperation.toFixed(1),
    `${(peakBytes / 2 ** 20).toFixed(0)} MiB`,
  ]);
  return table(['process', 'of a core', 'µs/operation', 'peak memory'], rows, [1, 2, 3]);
}

function whole(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}
