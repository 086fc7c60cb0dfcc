import type { Effects, NodeId } from '@synod/kernel';
import type { Membership } from './membership.js';
import type { ReadMessage, WriteMessage } from './messages.js';
import type { RegisterProtocol } from './protocol.js';
import type { Registers } from './registers.js';
import type { ReplicaSet } from './replica-set.js';

/**
 * Holds copies and answers about them. (Algorithms 4.6 and 4.7: upon READ, reply with the value; upon WRITE, adopt what
 * is newer and acknowledge.) What it answers is durable: the loop releases no answer before.
 */
export class Replica {
  readonly #self: NodeId;
  readonly #registers: Registers;
  readonly #membership: Membership;

  constructor(self: NodeId, registers: Registers, membership: Membership) {
    this.#self = self;
    this.#registers = registers;
    this.#membership = membership;
  }

  read(from: NodeId, { request, mark, key }: ReadMessage, effects: Effects<RegisterProtocol>): void {
    if (!this.#membership.agrees(from, mark, effects) || !this.#sharedSet(from, key)) return;
    effects.to(from, { type: 'value', request, key, cell: this.#registers.cell(key) });
  }

  /** Acknowledges what it holds already, too: the imposer waits for a majority that holds this or something newer. */
  write(from: NodeId, { request, mark, key, cell }: WriteMessage, effects: Effects<RegisterProtocol>): void {
    if (!this.#membership.agrees(from, mark, effects)) return;
    const set = this.#sharedSet(from, key);
    if (!set) return;
    this.#registers.adopt(key, set, cell, effects);
    effects.to(from, { type: 'ack', request, key });
  }

  /** Undefined: nothing may be answered. A register that this node does not hold is no reason to stop, nor to agree. */
  #sharedSet(from: NodeId, key: string): ReplicaSet | undefined {
    const set = this.#registers.setOf(key);
    if (!set?.isHere || !set.replicas.includes(from) || !this.#membership.mayServe(set)) return undefined;
    return set;
  }
}
