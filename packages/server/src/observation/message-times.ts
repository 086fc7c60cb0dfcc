import { Fifo, type Input, type Time } from '@synod/kernel';
import type { Metrics } from '@synod/metrics';
import type { ServedProtocol } from '../served-protocol.js';

/**
 * How long a peer's message takes from the step that takes it in to the release of what it caused, the durable write
 * included: the figures of the calls that the messages would be if each were an RPC of its own.
 */
export class MessageTimes {
  readonly #metrics: Metrics;
  readonly #now: () => Time;
  readonly #methods = new Map<string, string>();
  /** When the steps that are not released yet were taken: releases keep the order of steps. */
  readonly #taken = new Fifo<Time>();

  constructor(metrics: Metrics, now: () => Time) {
    this.#metrics = metrics;
    this.#now = now;
  }

  stepped(at: Time): void {
    this.#taken.push(at);
  }

  released(input: Input<ServedProtocol>): void {
    const at = this.#taken.shift()!;
    if (input.kind === 'deliver') this.#metrics.called(this.#methodOf(input.message.type), this.#now() - at, true);
  }

  /** `PeerService/Prepare` for a message of type `prepare`. */
  #methodOf(type: string): string {
    let method = this.#methods.get(type);
    if (method === undefined) {
      method = `synod.peer.v1.PeerService/${type.charAt(0).toUpperCase()}${type.slice(1)}`;
      this.#methods.set(type, method);
    }
    return method;
  }
}
