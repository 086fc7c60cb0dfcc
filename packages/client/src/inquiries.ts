import { quorumSize, type NodeId } from '@synod/kernel';
import { maxConsultKeys } from '@synod/transport/client';
import type { Hedging } from './hedging.js';
import { Inquiry, type Asked, type Inquirer } from './inquiry.js';
import type { Servers } from './servers.js';
import type { TimerWheel } from './timer-wheel.js';

/** Gathers the reads of one moment that may ask the same replicas. */
export class Inquiries {
  readonly #servers: Servers;
  readonly #wheel: TimerWheel;
  readonly #hedging: Hedging;
  /** By the list of those who may be asked. */
  readonly #gathered = new Map<readonly NodeId[], Inquiry>();

  constructor(servers: Servers, wheel: TimerWheel, hedging: Hedging) {
    this.#servers = servers;
    this.#wheel = wheel;
    this.#hedging = hedging;
  }

  /**
   * Asks a majority of these, from place `first` on, for somebody. Returns what the question has become a part of;
   * undefined: there is no majority against which nothing speaks.
   */
  add(inquirer: Inquirer, nodes: readonly NodeId[], first: number, now: number): Inquiry | undefined {
    let inquiry = this.#gathered.get(nodes);
    if (!inquiry || inquiry.size === maxConsultKeys) {
      const quorum = this.#quorum(inquirer.key, nodes, first, now);
      if (!quorum) return undefined;
      inquiry = this.#begin(nodes, quorum);
    }
    inquiry.add(inquirer, now);
    return inquiry;
  }

  #begin(nodes: readonly NodeId[], quorum: readonly Asked[]): Inquiry {
    const inquiry = new Inquiry(quorum, this.#wheel, this.#hedging);
    this.#gathered.set(nodes, inquiry);
    queueMicrotask(() => {
      if (this.#gathered.get(nodes) === inquiry) this.#gathered.delete(nodes);
      inquiry.send();
    });
    return inquiry;
  }

  #quorum(key: string, nodes: readonly NodeId[], first: number, now: number): Asked[] | undefined {
    const size = quorumSize(nodes.length);
    const quorum: Asked[] = [];
    for (let i = 0; i < nodes.length && quorum.length < size; i++) {
      const node = nodes[(first + i) % nodes.length]!;
      const link = this.#servers.at(node);
      if (link?.standing.isGood) {
        quorum.push({ node, link, timestampOnly: quorum.length > 0, submission: undefined, answered: false });
      } else {
        link?.registers.probe({ type: 'read', key }, now);
      }
    }
    return quorum.length === size ? quorum : undefined;
  }
}
