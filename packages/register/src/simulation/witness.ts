import { invariant, type NodeId, type Observer } from '@synod/kernel';
import type { RegisterProtocol } from '../protocol.js';
import { isNewer, type Timestamp } from '../timestamp.js';

/**
 * Sees all that nodes release, and throws when a replica shows less than it acknowledged to others before, whatever
 * became of its disk in between: an acknowledgement may be counted at any time.
 */
export class Witness {
  readonly #vouched = new Map<string, Timestamp>();

  observer(node: NodeId): Observer<RegisterProtocol> {
    return {
      released: ({ send }, input) => {
        if (input.kind !== 'deliver' || input.from === node) return;
        const { message } = input;
        for (const { message: reply } of send) {
          if (reply.type === 'value') this.#shows(node, reply.key, reply.cell);
          else if (reply.type === 'ack' && message.type === 'write') this.#vouches(node, reply.key, message.cell);
        }
      },
    };
  }

  #vouches(node: NodeId, key: string, timestamp: Timestamp): void {
    const place = `${node} ${key}`;
    if (isNewer(timestamp, this.#vouched.get(place))) this.#vouched.set(place, timestamp);
  }

  #shows(node: NodeId, key: string, timestamp: Timestamp | undefined): void {
    const vouched = this.#vouched.get(`${node} ${key}`);
    const isBehind = vouched !== undefined && (timestamp === undefined || isNewer(vouched, timestamp));
    invariant(
      !isBehind,
      `${node} shows ${key} at ${timestamp?.counter ?? 'nothing'} and acknowledged ${vouched?.counter}`,
    );
  }
}
