import type { NodeId, Output, TracedMessage } from '@synod/kernel';
import type { ServedProtocol } from '../served-protocol.js';
import { Listeners } from './listeners.js';

/** The messages to and from peers, for whoever watches them. Costs nothing while nobody does. */
export class MessageTrace<P extends ServedProtocol> {
  readonly listeners = new Listeners<TracedMessage>();
  readonly #self: NodeId;
  readonly #subjectOf: (message: P['message']) => string;

  constructor(self: NodeId, subjectOf: (message: P['message']) => string) {
    this.#self = self;
    this.#subjectOf = subjectOf;
  }

  sent({ send }: Output<P>): void {
    if (this.listeners.isEmpty) return;
    for (const { to, message } of send) if (to !== this.#self) this.#tell(true, this.#self, to, message);
  }

  received(from: NodeId, message: P['message']): void {
    if (this.listeners.isEmpty || from === this.#self) return;
    this.#tell(false, from, this.#self, message);
  }

  #tell(sent: boolean, from: NodeId, to: NodeId, message: P['message']): void {
    // The monotonic clock on top of the moment the process began: finer than Date.now, and nearly the same.
    const timeUs = Math.round((performance.timeOrigin + performance.now()) * 1000);
    this.listeners.tell({ timeUs, sent, from, to, type: message.type, subject: this.#subjectOf(message) });
  }
}
