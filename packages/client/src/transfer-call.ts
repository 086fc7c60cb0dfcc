import { SynodError, type ErrorCode } from '@synod/kernel';
import type { TransferCommand } from '@synod/ledger';
import type { Submission, TransferResult } from '@synod/transport/client';
import { Backoff } from './backoff.js';
import type { ClientCore } from './client-core.js';
import type { Deadline } from './deadline.js';
import type { Homes } from './homes.js';
import { isPassing } from './retry.js';
import type { ServerLink } from './server-link.js';
import type { Timed } from './timer-wheel.js';

/** How often one transfer is sent on to another home. Two servers that name each other would send it for ever. */
const maxRedirects = 3;

/** Answers that hold for the id whatever became of an earlier try: none can have been executed. */
const finalWhateverHappened: ReadonlySet<ErrorCode> = new Set(['invalid_argument', 'unknown_account', 'id_conflict']);

/**
 * One transfer until it is decided or its time is up. It is repeated, always under the same id, after a lost session:
 * the home executes an id at most once and answers a repeat with the first outcome (docs/ledger.md,
 * "At most once").
 */
export class TransferCall implements Timed {
  due = 0;
  before: Timed | undefined;
  after: Timed | undefined;
  readonly #command: TransferCommand;
  readonly #core: ClientCore;
  readonly #homes: Homes;
  readonly #deadline: Deadline;
  readonly #done: (result: TransferResult) => void;
  readonly #abort = (): void => this.giveUp('the caller gave up');
  readonly #backoff = new Backoff();
  #submission: Submission | undefined;
  /** An earlier try was sent and never answered. */
  #unanswered = false;
  #redirects = 0;
  #lastProblem: SynodError | undefined;
  #settled = false;

  /** `done` is called once. */
  constructor(
    command: TransferCommand,
    core: ClientCore,
    homes: Homes,
    deadline: Deadline,
    done: (result: TransferResult) => void,
  ) {
    this.#command = command;
    this.#core = core;
    this.#homes = homes;
    this.#deadline = deadline;
    this.#done = done;
    this.#backoff.next();
  }

  start(): void {
    const { signal } = this.#deadline;
    signal?.addEventListener('abort', this.#abort);
    this.#wakeIn(Infinity);
    if (this.#core.closed.aborted) this.giveUp('the client is closed');
    else if (signal?.aborted) this.#abort();
    else this.#attempt();
  }

  onDue(): void {
    if (this.#deadline.passed) return this.#timeUp();
    this.#wakeIn(Infinity);
    this.#attempt();
  }

  /** Ends it with `cancelled`, definite if it was never sent. */
  giveUp(why: string): void {
    this.#withdraw();
    this.#settle(new SynodError('cancelled', why, { definite: !this.#unanswered }));
  }

  #attempt(): void {
    if (this.#settled) return;
    const { from } = this.#command.transfer;
    const home = this.#homes.known(from);
    if (home) return this.#submit(home);
    this.#homes.of(from, this.#deadline).then(
      (found) => this.#submit(found),
      (error: unknown) => this.#failed(error),
    );
  }

  #submit(home: ServerLink): void {
    if (this.#settled) return;
    this.#submission = home.transfers.submit(this.#command, (result) => {
      this.#submission = undefined;
      if (!(result instanceof SynodError)) this.#settle(result);
      else if (result.code === 'wrong_home' && this.#redirects < maxRedirects) this.#redirect(home);
      else this.#failed(result);
    });
  }

  #redirect(from: ServerLink): void {
    this.#redirects++;
    this.#homes.relearn(from).then(
      () => this.#attempt(),
      (error: unknown) => this.#failed(error),
    );
  }

  #failed(error: unknown): void {
    if (this.#settled) return;
    if (!(error instanceof SynodError)) throw error;
    // A definite answer says nothing about a try that was lost before it.
    if (!error.definite) this.#unanswered = true;
    this.#lastProblem = error;
    if (isPassing(error)) this.#wakeIn(this.#backoff.next());
    else if (finalWhateverHappened.has(error.code) || !this.#unanswered) this.#settle(error);
    else this.#settle(new SynodError(error.code, error.message, { definite: false, cause: error }));
  }

  #timeUp(): void {
    this.#withdraw();
    const { timeoutMs } = this.#deadline;
    const { id } = this.#command.transfer;
    const cause = this.#lastProblem;
    const because = cause ? `: ${cause.message}` : '';
    this.#settle(
      this.#unanswered
        ? new SynodError('deadline', `transfer ${id} was not answered in ${timeoutMs} ms${because}`, {
            definite: false,
            cause,
          })
        : new SynodError('unavailable', `transfer ${id} could not be sent in ${timeoutMs} ms${because}`, { cause }),
    );
  }

  /** Wakes it then, or at the deadline. */
  #wakeIn(ms: number): void {
    this.#core.wheel.set(this, Math.min(performance.now() + ms, this.#deadline.end));
  }

  #withdraw(): void {
    const neverSent = this.#submission?.withdraw() ?? true;
    if (!neverSent) this.#unanswered = true;
  }

  #settle(result: TransferResult): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#core.wheel.clear(this);
    this.#deadline.signal?.removeEventListener('abort', this.#abort);
    this.#done(result);
  }
}
