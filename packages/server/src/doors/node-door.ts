import type { PerformanceReport, ServerEvent } from '@synod/kernel';
import type { NodeBackend, NodeDescription, PerformanceOptions } from '@synod/transport/server';
import type { Instruments } from '../observation/instruments.js';

/** What a server tells, whatever it serves. */
export class NodeDoor implements NodeBackend {
  readonly description: NodeDescription;
  readonly #instruments: Instruments;

  constructor(description: NodeDescription, instruments: Instruments) {
    this.description = description;
    this.#instruments = instruments;
  }

  performance(options: PerformanceOptions): PerformanceReport {
    return this.#instruments.metrics.report(options);
  }

  onEvent(listener: (event: ServerEvent) => void): () => void {
    return this.#instruments.events.onEvent(listener);
  }

  events(count: number): readonly ServerEvent[] {
    return this.#instruments.events.last(count);
  }
}
