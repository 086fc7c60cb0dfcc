import type { CallObserver, MethodFigures, NodeId, Observer, PerformanceReport, Time } from '@synod/kernel';
import { monitorLoopDelay, type DelayGauge } from './loop-delay.js';
import { prometheusText } from './prometheus.js';
import { Rate } from './rate.js';
import { RecentRequests } from './recent-requests.js';
import { Times } from './times.js';

export interface MetricsOptions {
  readonly server: NodeId;
  /** Milliseconds on a monotonic clock, the node's. */
  readonly now: () => Time;
  /** How many decided requests are kept one by one. Default 1,000. */
  readonly keepRequests?: number;
  /** Default: the process's own event loop. */
  readonly loopDelay?: DelayGauge;
}

export interface ReportOptions {
  /** How many of the last requests the report lists one by one, as far as they are kept. Default 20. */
  readonly recent?: number;
}

interface Calls {
  readonly times: Times;
  failed: number;
}

/**
 * Counts what a server does: give it to the node loop as its observer, to the services as their call observer, and
 * tell it of every decided request. Recording costs well below a microsecond and, once a method is known, no memory.
 */
export class Metrics implements Pick<Required<Observer>, 'written'>, CallObserver {
  readonly #server: NodeId;
  readonly #now: () => Time;
  readonly #methods = new Map<string, Calls>();
  readonly #requests = new Times();
  readonly #statuses = new Map<string, number>();
  readonly #rate: Rate;
  readonly #recent: RecentRequests;
  readonly #writes = new Times();
  readonly #loopDelay: DelayGauge;
  #puts = 0;

  constructor({ server, now, keepRequests = 1000, loopDelay = monitorLoopDelay() }: MetricsOptions) {
    this.#server = server;
    this.#now = now;
    this.#rate = new Rate(now());
    this.#recent = new RecentRequests(keepRequests);
    this.#loopDelay = loopDelay;
  }

  /** A group of puts became durable. */
  written(puts: number, ms: number): void {
    this.#puts += puts;
    this.#writes.record(ms);
  }

  /** A call of an RPC method ended. */
  called(method: string, ms: number, ok: boolean): void {
    const calls = this.#methods.get(method) ?? this.#firstCallOf(method);
    calls.times.record(ms);
    if (!ok) calls.failed++;
  }

  /** A request was decided, `ms` after it arrived. */
  decided(id: string, status: string, ms: number): void {
    this.#requests.record(ms);
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    this.#rate.count(this.#now());
    this.#recent.add(id, status, ms);
  }

  report({ recent = 20 }: ReportOptions = {}): PerformanceReport {
    const { count, meanMs, p50Ms, p99Ms } = this.#requests;
    return {
      server: this.#server,
      methods: this.#methodFigures(),
      requests: {
        count,
        meanMs,
        p50Ms,
        p99Ms,
        perSecond: this.#rate.perSecond(this.#now()),
        recent: this.#recent.last(recent),
      },
      writes: { count: this.#writes.count, p50Ms: this.#writes.p50Ms, p99Ms: this.#writes.p99Ms },
      loopDelayMs: this.#loopDelay.p99Ms,
    };
  }

  /** The figures in Prometheus' text format, of the type `PROMETHEUS_CONTENT_TYPE`. */
  prometheus(): Promise<string> {
    return prometheusText({ report: this.report({ recent: 0 }), statuses: this.#statuses, puts: this.#puts });
  }

  /** Stops watching the event loop. */
  close(): void {
    this.#loopDelay.close();
  }

  #firstCallOf(method: string): Calls {
    const calls = { times: new Times(), failed: 0 };
    this.#methods.set(method, calls);
    return calls;
  }

  #methodFigures(): MethodFigures[] {
    const names = [...this.#methods.keys()].sort();
    return names.map((method) => {
      const { times, failed } = this.#methods.get(method)!;
      const { count, totalMs, meanMs, p50Ms, p99Ms } = times;
      return { method, count, failed, totalMs, meanMs, p50Ms, p99Ms };
    });
  }
}
