import type { TracedMessage, WatchedMessage } from '@synod/client';
import type { Input, News } from '../model/input.js';

/** Delivers what one turn of the event loop brings together, messages by time. */
export class Outbox {
  readonly #deliver: (inputs: readonly Input[]) => void;
  #inputs: Input[] = [];
  #messages: TracedMessage[] = [];
  #missed = 0;
  #scheduled: NodeJS.Immediate | undefined;
  #isClosed = false;

  constructor(deliver: (inputs: readonly Input[]) => void) {
    this.#deliver = deliver;
  }

  readonly tell = (news: News): void => {
    this.#inputs.push({ timeMs: Date.now(), news });
    this.#schedule();
  };

  readonly tellMessage = ({ message, missed }: WatchedMessage): void => {
    this.#messages.push(message);
    this.#missed += missed;
    this.#schedule();
  };

  /** What was not delivered yet never is. */
  close(): void {
    this.#isClosed = true;
    clearImmediate(this.#scheduled);
  }

  #schedule(): void {
    if (!this.#isClosed) this.#scheduled ??= setImmediate(() => this.#flush());
  }

  #flush(): void {
    const inputs = this.#inputs;
    const messages = this.#messages.sort((a, b) => a.timeUs - b.timeUs);
    if (messages.length > 0) {
      inputs.push({ timeMs: Date.now(), news: { type: 'messages', messages, missed: this.#missed } });
    }
    this.#inputs = [];
    this.#messages = [];
    this.#missed = 0;
    this.#scheduled = undefined;
    this.#deliver(inputs);
  }
}
