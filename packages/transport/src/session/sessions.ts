import type { CallObserver } from '@synod/kernel';
import { SessionServer, type SessionCall } from './session-server.js';
import type { SessionDoor } from './session-wire.js';

/** All sessions of one service. */
export class Sessions<Request, Answer> {
  readonly #door: SessionDoor<Request, Answer>;
  readonly #calls: CallObserver | undefined;
  readonly #open = new Set<SessionServer<Request, Answer>>();

  /** `calls` sees each operation as one call of the method `Session`. */
  constructor(door: SessionDoor<Request, Answer>, calls: CallObserver | undefined) {
    this.#door = door;
    this.#calls = calls;
  }

  add(call: SessionCall<Request, Answer>): void {
    const session = new SessionServer(call, this.#door, this.#calls);
    this.#open.add(session);
    call.on('cancelled', () => this.#open.delete(session));
  }

  close(): void {
    for (const session of this.#open) session.close();
  }
}
