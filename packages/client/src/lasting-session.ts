import { SynodError } from '@synod/kernel';
import type { Session, SessionOptions, Submission } from '@synod/transport/client';
import { Backoff } from './backoff.js';
import type { Standing } from './standing.js';

/** A session to one server that is opened on first use, and anew, with backoff, after it ended. */
export class LastingSession<Command, Result> {
  readonly #open: (options: SessionOptions) => Session<Command, Result>;
  readonly #standing: Standing;
  readonly #backoff = new Backoff();
  #session: Session<Command, Result> | undefined;
  #isOpen = false;
  #notBefore = 0;
  #probe: Submission | undefined;

  constructor(open: (options: SessionOptions) => Session<Command, Result>, standing: Standing) {
    this.#open = open;
    this.#standing = standing;
  }

  /** The server took it. What is submitted while it did not is not sent yet. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** As `Session.submit`. */
  submit(command: Command, done: (result: Result | SynodError) => void): Submission {
    this.#session ??= this.#open({
      delayMs: Math.max(0, this.#notBefore - performance.now()),
      onOpen: () => this.#opened(),
      onEnd: () => this.#ended(),
    });
    return this.#session.submit(command, done);
  }

  /**
   * Asks a server that failed something that nobody waits for, from time to time: whether it answers again is found out
   * at nobody's expense.
   */
  probe(command: Command, now: number): void {
    if (!this.#standing.takeProbe(now)) return;
    this.#probe?.withdraw();
    this.#probe = this.submit(command, (result) => {
      if (isOfServer(result)) this.#standing.answered(performance.now());
    });
  }

  #opened(): void {
    this.#isOpen = true;
    this.#backoff.reset();
    this.#standing.answered(performance.now());
  }

  #ended(): void {
    const now = performance.now();
    this.#session = undefined;
    this.#isOpen = false;
    this.#notBefore = now + this.#backoff.next();
    this.#standing.failed(now);
  }
}

/** Whether the server itself has said this, and not the session on its behalf. */
export function isOfServer(result: unknown): boolean {
  return !(result instanceof SynodError) || (result.definite && result.code !== 'unavailable');
}
