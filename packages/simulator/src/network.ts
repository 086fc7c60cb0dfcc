import {
  invariant,
  type NodeId,
  type Outgoing,
  type Random,
  type Standing,
  type Time,
  type TransportEvents,
} from '@synod/kernel';
import type { Process } from './process.js';
import { drawFrom, type Range } from './random.js';
import type { Recorder } from './recorder.js';
import type { Timeline } from './timeline.js';

export interface NetworkConditions {
  /** How long a message travels. */
  readonly delayMs: Range;
  /** The probability that a message vanishes. */
  readonly loss: number;
  /** The probability that a message arrives a second time, after a delay of its own. */
  readonly duplication: number;
  /** The probability that a message may overtake and be overtaken; the others keep their order, as on a stream. */
  readonly reordering: number;
  /** How long it takes until the ends of a connection are told that it broke or came up. */
  readonly detectionMs: Range;
}

export const defaultNetwork: NetworkConditions = {
  delayMs: [0.2, 2],
  loss: 0,
  duplication: 0,
  reordering: 0,
  detectionMs: [1, 20],
};

/** A message on its way. */
export interface Flight<M = unknown> {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: M;
  readonly arrival: Time;
}

/** What goes with all that one process sends. */
interface Sender {
  readonly standing: Standing;
  /** How many writes its disk held. */
  readonly number: number;
}

/** One way between two nodes. */
interface Direction {
  cut: boolean;
  /** How often a connection over it broke: tells one connection from the next. */
  breaks: number;
  lastArrival: Time;
  /** The latest life of the sender that the receiver has judged, and all that it welcomed. */
  judged: bigint;
  readonly welcomed: Set<bigint>;
}

/** The network's end in one process. */
interface Endpoint<M> {
  readonly process: Process;
  readonly events: TransportEvents<M>;
  /** The connection to each peer that this process was last told of. */
  readonly told: Map<NodeId, number>;
  /** The life of each peer that this process welcomed. */
  readonly welcomed: Map<NodeId, bigint>;
  /** The highest number that each peer was sent over the present connection. */
  readonly numbers: Map<NodeId, number>;
}

/**
 * Carries messages between processes. A message arrives if its direction is open when it is sent and when it arrives
 * and the receiver runs then, be it in a later life: what a former life was sent or has sent still travels.
 */
export class SimulatedNetwork<M> {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #announcing: Random;
  readonly #recorder: Recorder;
  readonly #nodes: readonly NodeId[];
  readonly #directions: ReadonlyMap<NodeId, ReadonlyMap<NodeId, Direction>>;
  readonly #endpoints = new Map<NodeId, Endpoint<M>>();
  /** In order of sending. */
  readonly inFlight = new Set<Flight<M>>();
  conditions: NetworkConditions;

  constructor(
    nodes: readonly NodeId[],
    timeline: Timeline,
    random: Random,
    recorder: Recorder,
    conditions: NetworkConditions,
    announcing: Random,
  ) {
    this.#nodes = nodes;
    this.#timeline = timeline;
    this.#random = random;
    this.#announcing = announcing;
    this.#recorder = recorder;
    this.conditions = conditions;
    const directionsOf = (from: NodeId): Map<NodeId, Direction> =>
      new Map(nodes.filter((to) => to !== from).map((to) => [to, newDirection()]));
    this.#directions = new Map(nodes.map((from) => [from, directionsOf(from)]));
  }

  join(node: NodeId, process: Process, events: TransportEvents<M>): void {
    this.#endpoints.set(node, { process, events, told: new Map(), welcomed: new Map(), numbers: new Map() });
    for (const peer of this.#peers(node)) this.#review(node, peer);
  }

  leave(node: NodeId): void {
    this.#endpoints.delete(node);
    for (const peer of this.#peers(node)) {
      this.#direction(node, peer).breaks++;
      this.#review(node, peer);
    }
  }

  send(from: NodeId, messages: readonly Outgoing<M>[], number: number): void {
    const { events, numbers } = this.#endpoint(from);
    const sender = { standing: events.standing, number };
    for (const { to, message } of messages) {
      this.#recorder.event('send', from, to, message);
      const direction = this.#directions.get(from)?.get(to);
      const { loss, duplication } = this.conditions;
      if (!direction || direction.cut || this.#random() < loss) {
        this.#recorder.incident('lose', from, to, message);
        continue;
      }
      numbers.set(to, number);
      this.#carry(from, to, message, direction, sender);
      if (this.#random() < duplication) {
        this.#recorder.incident('duplicate', from, to, message);
        this.#carry(from, to, message, direction, sender);
      }
    }
  }

  /** Tells the number to those who are connected and were sent none as high. It may be lost, as messages are. */
  announce(from: NodeId, number: number): void {
    const { events, told, numbers } = this.#endpoint(from);
    const sender = { standing: events.standing, number };
    for (const to of told.keys()) {
      if ((numbers.get(to) ?? events.standing.recovered) >= number) continue;
      numbers.set(to, number);
      const direction = this.#direction(from, to);
      if (direction.cut || this.#announcing() < this.conditions.loss) continue;
      const arrival = this.#timeline.now + drawFrom(this.#announcing, this.conditions.delayMs);
      this.#timeline.schedule(arrival, () => {
        const endpoint = this.#endpoints.get(to);
        if (!direction.cut) endpoint?.process.run(() => this.#hear(endpoint, from, to, sender));
      });
    }
  }

  /** Cuts or mends one direction. */
  setCut(from: NodeId, to: NodeId, cut: boolean): void {
    const direction = this.#direction(from, to);
    if (direction.cut === cut) return;
    direction.cut = cut;
    if (cut) direction.breaks++;
    this.#recorder.incident(cut ? 'cut' : 'mend', from, to);
    this.#review(from, to);
  }

  #carry(from: NodeId, to: NodeId, message: M, direction: Direction, sender: Sender): void {
    let arrival = this.#timeline.now + drawFrom(this.#random, this.conditions.delayMs);
    if (this.#random() >= this.conditions.reordering) {
      arrival = Math.max(arrival, direction.lastArrival);
      direction.lastArrival = arrival;
    }
    const flight: Flight<M> = { from, to, message, arrival };
    this.inFlight.add(flight);
    this.#timeline.schedule(arrival, () => {
      this.inFlight.delete(flight);
      const endpoint = this.#endpoints.get(to);
      if (direction.cut || !endpoint) this.#recorder.incident('lose', from, to, message);
      else endpoint.process.run(() => this.#arrive(endpoint, flight, sender));
    });
  }

  #arrive(endpoint: Endpoint<M>, { from, to, message }: Flight<M>, sender: Sender): void {
    if (this.#hear(endpoint, from, to, sender)) endpoint.events.deliver(from, message);
    else this.#recorder.incident('lose', from, to, message);
  }

  /**
   * Whether what a life of `from` has sent may be delivered: a life that the receiver welcomes, or, of those before it,
   * one that it once did.
   */
  #hear({ events, welcomed }: Endpoint<M>, from: NodeId, to: NodeId, { standing, number }: Sender): boolean {
    const { judged, welcomed: ever } = this.#direction(from, to);
    const { incarnation } = standing;
    if (incarnation < judged) return ever.has(incarnation);
    if (welcomed.get(from) !== incarnation && !this.#welcomes(to, from, standing)) return false;
    events.heard(from, number);
    return true;
  }

  /** The receiver judges a life of the sender; one that is refused is told so. */
  #welcomes(node: NodeId, peer: NodeId, standing: Standing): boolean {
    const { events, welcomed } = this.#endpoint(node);
    const direction = this.#direction(peer, node);
    const { incarnation } = standing;
    direction.judged = incarnation;
    const reason = events.greet(peer, standing);
    if (reason === undefined) {
      direction.welcomed.add(incarnation);
      welcomed.set(peer, incarnation);
      return true;
    }
    this.#recorder.incident('refuse', node, peer, reason);
    this.#timeline.schedule(this.#timeline.now + drawFrom(this.#random, this.conditions.delayMs), () => {
      const refused = this.#endpoints.get(peer);
      if (refused?.events.standing === standing) refused.process.run(() => refused.events.refused(reason));
    });
    return false;
  }

  /** Something about the pair changed; both ends will notice. */
  #review(a: NodeId, b: NodeId): void {
    for (const [node, peer] of [
      [a, b],
      [b, a],
    ] as const) {
      const noticed = this.#timeline.now + drawFrom(this.#random, this.conditions.detectionMs);
      this.#timeline.schedule(noticed, () => this.#tell(node, peer));
    }
  }

  #tell(node: NodeId, peer: NodeId): void {
    const endpoint = this.#endpoints.get(node);
    if (!endpoint) return;
    const { process, events, told } = endpoint;
    const known = told.get(peer);
    const connection = this.#connection(node, peer);
    if (known === connection) return;
    if (known !== undefined) process.run(() => events.link(peer, false));
    told.delete(peer);
    endpoint.numbers.delete(peer);
    if (connection === undefined || !this.#areWelcome(node, peer)) return;
    told.set(peer, connection);
    process.run(() => events.link(peer, true));
  }

  /** Both ends have judged each other. */
  #areWelcome(a: NodeId, b: NodeId): boolean {
    const welcomes = (node: NodeId, peer: NodeId): boolean => {
      const { standing } = this.#endpoint(peer).events;
      return this.#endpoint(node).welcomed.get(peer) === standing.incarnation || this.#welcomes(node, peer, standing);
    };
    return welcomes(a, b) && welcomes(b, a);
  }

  /** Names the present connection of a pair; undefined if a direction is cut or an end is down. */
  #connection(a: NodeId, b: NodeId): number | undefined {
    const there = this.#direction(a, b);
    const back = this.#direction(b, a);
    const up = !there.cut && !back.cut && this.#endpoints.has(a) && this.#endpoints.has(b);
    return up ? there.breaks + back.breaks : undefined;
  }

  #endpoint(node: NodeId): Endpoint<M> {
    const endpoint = this.#endpoints.get(node);
    invariant(endpoint, `${node} runs, and is on the network`);
    return endpoint;
  }

  #direction(from: NodeId, to: NodeId): Direction {
    const direction = this.#directions.get(from)?.get(to);
    invariant(direction, `${from} and ${to} are two nodes of the simulation`);
    return direction;
  }

  #peers(node: NodeId): NodeId[] {
    return this.#nodes.filter((peer) => peer !== node);
  }
}

function newDirection(): Direction {
  return { cut: false, breaks: 0, lastArrival: 0, judged: 0n, welcomed: new Set() };
}
