import type { MethodFigures, PerformanceReport } from '@synod/kernel';
import type { Gauge } from 'prom-client';

/** What Prometheus is told beyond the report. */
export interface Totals {
  readonly report: PerformanceReport;
  /** Decided requests by status. */
  readonly statuses: ReadonlyMap<string, number>;
  /** Puts in durable writes. */
  readonly puts: number;
}

/** That of prom-client's registries. */
export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * The figures in Prometheus' text format, times in seconds as its naming rules ask. The registry lives for one scrape:
 * counting stays free of Prometheus, and nothing is shared with other users of prom-client in the process.
 */
export async function prometheusText({ report, statuses, puts }: Totals): Promise<string> {
  const { Counter, Gauge, Registry } = await import('prom-client'); // a hundred modules, for servers that are scraped
  const registry = new Registry();
  registry.setDefaultLabels({ server: report.server });
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });

  const calls = counter('synod_calls_total', 'RPCs that ended', ['method']);
  const failures = counter('synod_call_failures_total', 'RPCs that failed', ['method']);
  const callSeconds = counter('synod_call_seconds_total', 'Time spent in RPCs', ['method']);
  const callQuantiles = gauge('synod_call_seconds', 'How long RPCs took', ['method', 'quantile']);
  for (const { method, count, failed, totalMs, ...times } of report.methods) {
    calls.inc({ method }, count);
    failures.inc({ method }, failed);
    callSeconds.inc({ method }, totalMs / 1000);
    setQuantiles(callQuantiles, times, { method });
  }

  const requests = counter('synod_requests_total', 'Decided requests', ['status']);
  for (const [status, count] of statuses) requests.inc({ status }, count);
  setQuantiles(gauge('synod_request_seconds', 'From arrival to decision', ['quantile']), report.requests);
  gauge('synod_requests_per_second', 'Over the last ten seconds').set(report.requests.perSecond);

  counter('synod_writes_total', 'Durable writes, one a group').inc(report.writes.count);
  counter('synod_write_puts_total', 'Puts in durable writes').inc(puts);
  setQuantiles(gauge('synod_write_seconds', 'How long durable writes took', ['quantile']), report.writes);
  gauge('synod_loop_delay_seconds', 'Lateness of timers, 99th percentile').set(report.loopDelayMs / 1000);
  return registry.metrics();
}

function setQuantiles(
  gauge: Gauge,
  { p50Ms, p99Ms }: Pick<MethodFigures, 'p50Ms' | 'p99Ms'>,
  labels: Record<string, string> = {},
): void {
  gauge.set({ ...labels, quantile: '0.5' }, p50Ms / 1000);
  gauge.set({ ...labels, quantile: '0.99' }, p99Ms / 1000);
}
