import { systemClock, type Input, type Observer, type Output, type Time } from '@synod/kernel';
import type { Metrics } from '@synod/metrics';
import type { ServedProtocol } from '../served-protocol.js';
import { MessageTimes } from './message-times.js';

/** Measures the loop at work, and shows the application what it released. */
export class ServerObserver<P extends ServedProtocol> implements Observer<P> {
  readonly #metrics: Metrics;
  readonly #messageTimes: MessageTimes;
  readonly #application: Pick<Observer<P>, 'released'>;

  constructor(metrics: Metrics, application: Pick<Observer<P>, 'released'> = {}) {
    this.#metrics = metrics;
    this.#messageTimes = new MessageTimes(metrics, () => systemClock.now());
    this.#application = application;
  }

  stepped(_input: Input<P>, _output: Output<P>, now: Time): void {
    this.#messageTimes.stepped(now);
  }

  written(puts: number, ms: number): void {
    this.#metrics.written(puts, ms);
  }

  released(output: Output<P>, input: Input<P>): void {
    this.#messageTimes.released(input);
    this.#application.released?.(output, input);
  }
}
