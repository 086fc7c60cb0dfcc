import type { Effects, NodeId } from '@synod/kernel';
import { Bases } from './basis.js';
import { objectionToKey } from './checks.js';
import type { Membership } from './membership.js';
import { Lists } from './lists.js';
import type { Item, ReadMessage, ValueItem, WriteMessage } from './messages.js';
import type { Limits } from './options.js';
import type { ConsultCommand, RegisterProtocol, ReplicaReply } from './protocol.js';
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
  readonly #limits: Limits;
  readonly #bases = new Bases();

  constructor(self: NodeId, registers: Registers, membership: Membership, limits: Limits) {
    this.#self = self;
    this.#registers = registers;
    this.#membership = membership;
    this.#limits = limits;
  }

  read(from: NodeId, { incarnation, mark, items }: ReadMessage, effects: Effects<RegisterProtocol>): void {
    if (!this.#membership.agrees(from, mark, effects)) return;
    const values = new Lists<ValueItem>(this.#limits);
    for (const { number, key } of items) {
      if (!this.#sharedSet(from, key)) continue;
      const cell = this.#registers.cell(key);
      values.add({ number, key, cell }, cell?.value?.length ?? 0);
    }
    for (const told of values.all) effects.to(from, { type: 'value', incarnation, items: told });
  }

  /** The same to somebody who is no node, and so has no configuration: replies say in which one they count. */
  consult({ keys, timestampOnly }: ConsultCommand): (ReplicaReply | undefined)[] {
    let bytes = 0;
    return keys.map((key) => {
      const set = objectionToKey(key) ? undefined : this.#registers.setOf(key);
      if (!set?.isHere || !this.#membership.mayServe(set)) return undefined;
      const { length: replicas } = set.replicas;
      const basis = this.#bases.of(this.#membership.mark, set.replicas);
      if (timestampOnly) return { timestamp: this.#registers.timestamp(key), value: undefined, replicas, basis };
      const isFirst = bytes === 0;
      const cell = this.#registers.cell(key);
      bytes += cell?.value?.length ?? 0;
      return isFirst || bytes <= this.#limits.pageBytes
        ? { timestamp: cell, value: cell?.value, replicas, basis }
        : undefined;
    });
  }

  /** Acknowledges what it holds already, too: the imposer waits for a majority that holds this or something newer. */
  write(from: NodeId, { incarnation, mark, items }: WriteMessage, effects: Effects<RegisterProtocol>): void {
    if (!this.#membership.agrees(from, mark, effects)) return;
    const acknowledged: Item[] = [];
    for (const item of items) {
      const set = this.#sharedSet(from, item.key);
      if (!set) continue;
      this.#registers.adopt(item.key, set, item.cell, effects);
      acknowledged.push(item);
    }
    if (acknowledged.length > 0) effects.to(from, { type: 'ack', incarnation, items: acknowledged });
  }

  /** Undefined: nothing may be answered. A register that this node does not hold is no reason to stop, nor to agree. */
  #sharedSet(from: NodeId, key: string): ReplicaSet | undefined {
    const set = this.#registers.setOf(key);
    if (!set?.isHere || !set.replicas.includes(from) || !this.#membership.mayServe(set)) return undefined;
    return set;
  }
}
