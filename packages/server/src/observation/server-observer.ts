import { systemClock, type Input, type NodeId, type Observer, type Output, type Time } from '@synod/kernel';
import type { Metrics } from '@synod/metrics';
import type { ServedProtocol } from '../served-protocol.js';
import type { MessageTrace } from './message-trace.js';
import { MessageTimes } from './message-times.js';

/** Measures the loop at work, and shows the application what it released. */
export class ServerObserver<P extends ServedProtocol> implements Observer<P> {
  readonly #metrics: Metrics;
  readonly #messageTimes: MessageTimes;
  readonly #trace: MessageTrace<P>;
  readonly #application: Pick<Observer<P>, 'released'>;

  constructor(metrics: Metrics, trace: MessageTrace<P>, application: Pick<Observer<P>, 'released'> = {}) {
    this.#metrics = metrics;
    this.#trace = trace;
    this.#messageTimes = new MessageTimes(metrics, () => systemClock.now());
    this.#application = application;
  }

  stepped(_input: Input<P>, _output: Output<P>, now: Time): void {
    this.#messageTimes.stepped(now);
  }

  written(puts: number, ms: number): void {
    this.#metrics.written(puts, ms);
  }

  received(from: NodeId, message: P['message']): void {
    this.#trace.received(from, message);
  }

  released(output: Output<P>, input: Input<P>): void {
    this.#trace.sent(output);
    this.#messageTimes.released(input);
    this.#application.released?.(output, input);
  }
}
