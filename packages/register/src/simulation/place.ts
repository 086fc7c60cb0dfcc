import type { Input, Machine, MachineDefinition, NodeId, Output, Time } from '@synod/kernel';
import type { Replacement } from '../configuration.js';
import type { RegisterMessage } from '../messages.js';
import type { RegisterProtocol } from '../protocol.js';

/** Where a node may run: at first under its own name, after a replacement perhaps elsewhere. */
export type Place = NodeId;

/** Where the disk comes to life that replaces one which may come back. */
export function sparePlace(node: NodeId): Place {
  return `${node}'`;
}

/** The node that runs at a place. */
export function nodeAt(place: Place): NodeId {
  return place.replace(/'$/, '');
}

/** What a transport is to a node: who is where, as the node's own configuration says, and who is in reach there. */
export class Neighbourhood {
  readonly #place: Place;
  readonly #addresses = new Map<NodeId, Place>();
  readonly #up = new Set<Place>();

  constructor(place: Place) {
    this.#place = place;
  }

  /** The machine's callback. */
  readonly learn = (replacements: readonly Replacement[]): void => {
    for (const { node, address } of replacements) this.#addresses.set(node, address);
  };

  /** The machine, which knows names only, as a loop at this place runs it. */
  house(definition: MachineDefinition<RegisterProtocol>): MachineDefinition<RegisterProtocol> {
    return {
      ...definition,
      recover: (reader, now) => {
        const builder = definition.recover(reader, now);
        return { add: (key, record) => builder.add(key, record), build: () => this.#housed(builder.build()) };
      },
    };
  }

  #housed(machine: Machine<RegisterProtocol>): Machine<RegisterProtocol> {
    return {
      get wakeAt() {
        return machine.wakeAt;
      },
      get hasGathered() {
        return machine.hasGathered ?? false;
      },
      step: (input, now) => this.#step(machine, input, now),
    };
  }

  #step(machine: Machine<RegisterProtocol>, input: Input<RegisterProtocol>, now: Time): Output<RegisterProtocol> {
    const before = new Map(this.#addresses);
    if (input.kind === 'link') {
      if (input.up) this.#up.add(input.peer);
      else this.#up.delete(input.peer);
    }
    const output = machine.step(this.#named(input), now);
    const moved = [...this.#addresses].filter(([node, place]) => before.get(node) !== place);
    const dialled = moved.map(([peer, place]) => machine.step({ kind: 'link', peer, up: this.#up.has(place) }, now));
    return joined([output, ...dialled].map((one) => this.#addressed(one)));
  }

  /** A connection with somebody who is not where this node takes him to be is none. */
  #named(input: Input<RegisterProtocol>): Input<RegisterProtocol> {
    if (input.kind === 'deliver') return { ...input, from: nodeAt(input.from) };
    if (input.kind !== 'link') return input;
    const node = nodeAt(input.peer);
    return this.#placeOf(node) === input.peer ? { ...input, peer: node } : { kind: 'wake' };
  }

  /** What is known of replacements is told to the former disk as well: it is the answer to what that one asked. */
  #addressed(output: Output<RegisterProtocol>): Output<RegisterProtocol> {
    const send = output.send.flatMap(({ to, message }) =>
      this.#placesFor(to, message).map((place) => ({ to: place, message })),
    );
    return { ...output, send };
  }

  #placesFor(node: NodeId, { type }: RegisterMessage): Place[] {
    const place = this.#placeOf(node);
    return type === 'configuration' && place !== node ? [place, node] : [place];
  }

  #placeOf(node: NodeId): Place {
    return node === nodeAt(this.#place) ? this.#place : (this.#addresses.get(node) ?? node);
  }
}

function joined(outputs: readonly Output<RegisterProtocol>[]): Output<RegisterProtocol> {
  return {
    persist: outputs.flatMap(({ persist }) => persist),
    send: outputs.flatMap(({ send }) => send),
    complete: outputs.flatMap(({ complete }) => complete),
  };
}
