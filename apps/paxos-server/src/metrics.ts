import type { CallObserver, NodeId, PerformanceReport, RequestTiming } from '@synod/kernel';

/** Counts what the server does. */
export class Metrics implements CallObserver {
  readonly #server: NodeId;
  readonly #recent: RequestTiming[] = [];
  #count = 0;
  #writes = 0;

  constructor(server: NodeId) {
    this.#server = server;
  }

  called(): void {}

  written(): void {
    this.#writes++;
  }

  decided(id: string, status: string, ms: number): void {
    this.#count++;
    this.#recent.push({ id, status, ms });
    if (this.#recent.length > 1000) this.#recent.shift();
  }

  performance(recent: number): PerformanceReport {
    return {
      server: this.#server,
      methods: [],
      requests: {
        count: this.#count,
        meanMs: 0,
        p50Ms: 0,
        p99Ms: 0,
        perSecond: 0,
        recent: recent === 0 ? [] : this.#recent.slice(-recent),
      },
      writes: { count: this.#writes, p50Ms: 0, p99Ms: 0 },
      loopDelayMs: 0,
    };
  }
}
