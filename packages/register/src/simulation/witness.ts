import { invariant, type NodeId, type Observer } from '@synod/kernel';
import type { AckMessage, RegisterMessage, ValueMessage, WriteMessage } from '../messages.js';
import type { RegisterProtocol } from '../protocol.js';
import { isNewer, type Timestamp } from '../timestamp.js';

/**
 * Sees all that nodes release, and throws when anybody takes in that a replica shows less than it acknowledged to others
 * before, whatever became of its disk in between: an acknowledgement may be counted at any time.
 */
export class Witness {
  readonly #vouched = new Map<string, Timestamp>();
  /** Replies that show less, and what is wrong with them. */
  readonly #behind = new Map<RegisterMessage, string>();

  observer(node: NodeId): Observer<RegisterProtocol> {
    return {
      released: ({ send }, input) => {
        if (input.kind !== 'deliver' || input.from === node) return;
        const { message } = input;
        for (const { message: reply } of send) {
          if (reply.type === 'value') this.#shows(node, reply);
          else if (reply.type === 'ack' && message.type === 'write') this.#vouches(node, reply, message);
        }
      },
      received: (_from, message) => {
        const problem = this.#behind.get(message);
        invariant(problem === undefined, problem ?? '');
      },
    };
  }

  /** Another disk is at this place: nobody counts what the former one acknowledged. */
  forget(node: NodeId): void {
    for (const place of [...this.#vouched.keys()]) if (place.startsWith(`${node} `)) this.#vouched.delete(place);
  }

  #vouches(node: NodeId, { items }: AckMessage, { items: imposed }: WriteMessage): void {
    for (const { number, key } of items) {
      const place = `${node} ${key}`;
      const { cell } = imposed.find((item) => item.number === number)!;
      if (isNewer(cell, this.#vouched.get(place))) this.#vouched.set(place, cell);
    }
  }

  #shows(node: NodeId, reply: ValueMessage): void {
    for (const { key, cell: timestamp } of reply.items) {
      const vouched = this.#vouched.get(`${node} ${key}`);
      const isBehind = vouched !== undefined && (timestamp === undefined || isNewer(vouched, timestamp));
      if (!isBehind) continue;
      const shown = timestamp?.counter ?? 'nothing';
      this.#behind.set(reply, `${node} shows ${key} at ${shown} and acknowledged ${vouched.counter}`);
    }
  }
}
