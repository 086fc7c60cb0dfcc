import type { PerformanceReport, ServerEvent, TracedMessage } from '@synod/kernel';
import type { NodeBackend, NodeDescription, PerformanceOptions } from '@synod/transport/server';
import type { Instruments } from '../observation/instruments.js';
import type { Listeners } from '../observation/listeners.js';

/** What a server tells, whatever it serves. */
export class NodeDoor implements NodeBackend {
  readonly #describe: () => NodeDescription;
  readonly #messages: Listeners<TracedMessage>;
  readonly #instruments: Instruments;

  constructor(describe: () => NodeDescription, messages: Listeners<TracedMessage>, instruments: Instruments) {
    this.#messages = messages;
    this.#describe = describe;
    this.#instruments = instruments;
  }

  get description(): NodeDescription {
    return this.#describe();
  }

  performance(options: PerformanceOptions): PerformanceReport {
    return this.#instruments.metrics.report(options);
  }

  onEvent(listener: (event: ServerEvent) => void): () => void {
    return this.#instruments.events.onEvent(listener);
  }

  onMessage(listener: (message: TracedMessage) => void): () => void {
    return this.#messages.add(listener);
  }

  events(count: number): readonly ServerEvent[] {
    return this.#instruments.events.last(count);
  }
}
