import { SynodError } from '@synod/kernel';
import { asSynodError } from '../errors/wire-errors.js';
import { never, wholeServer, type Muting, type Topic } from '../silence/topic.js';
import { Backlog, tooMuchUnread } from './backlog.js';
import { beginLater } from './begin-later.js';
import type { OpenCall } from './open-call.js';
import type { SessionDoor } from './session-wire.js';

export interface DoorOptions {
  /** Operations under way above which new ones are refused with `resource_exhausted`. */
  readonly limit: number;
  /** What the server keeps to itself. Default: nothing. */
  readonly silence?: Muting;
  /** What all operations of the server hold together. Default: one of this door's own. */
  readonly backlog?: Backlog;
}

/**
 * Through here every operation of every client enters, by whichever method: it is checked, and admitted as long as less
 * than a bounded number are under way, and they hold a bounded number of bytes, so that a flood of clients costs bounded
 * memory.
 */
export abstract class Door<Request, Result, Answer> implements SessionDoor<Request, Answer> {
  readonly backlog: Backlog;
  /** What callers are told is missing if they ask nothing. */
  protected readonly asked: string = 'request';
  readonly #limit: number;
  readonly #silence: Muting;
  #inFlight = 0;

  constructor({ limit, silence = never, backlog = new Backlog() }: DoorOptions) {
    this.backlog = backlog;
    this.#limit = limit;
    this.#silence = silence;
  }

  /**
   * `done` is called once, at once if the operation does not even enter; with undefined if the server is silent about
   * it. Returns how to stop it, if it can be stopped.
   */
  decide(
    request: Request | undefined,
    done: (result: Result | SynodError | undefined) => void,
  ): (() => void) | undefined {
    if (this.#inFlight >= this.#limit) {
      this.#tell(
        request,
        done,
        new SynodError('resource_exhausted', `${this.#limit} operations are under way already`),
      );
      return undefined;
    }
    this.#inFlight++;
    const ended = (result: Result | SynodError): void => {
      this.#inFlight--;
      this.#tell(request, done, result);
    };
    try {
      if (!request) throw new SynodError('invalid_argument', `${this.asked} is missing`);
      return this.begin(request, ended);
    } catch (error) {
      ended(asSynodError(error));
      return undefined;
    }
  }

  enter(
    request: Request | undefined,
    done: (answer: Answer | undefined, ok: boolean) => void,
  ): (() => void) | undefined {
    return this.decide(request, (result) => {
      done(result === undefined ? undefined : this.write(result), !(result instanceof SynodError));
    });
  }

  /**
   * One operation as a call of its own. Rejects with `SynodError`; never settles if the server is silent about it.
   */
  async answer(request: Request, call: OpenCall): Promise<Result> {
    const weight = this.weigh(request);
    const refusal = await this.#beginning(request, weight, call);
    return new Promise((resolve, reject) => {
      if (refusal) return this.#tell(request, (told) => told && reject(refusal), refusal);
      const { backlog } = this;
      let unread = 0;
      const stop = this.decide(request, (result) => {
        unread = result === undefined || call.cancelled ? 0 : this.sizeOf(this.write(result));
        backlog.answered(weight, unread);
        if (result instanceof SynodError) reject(result);
        else if (result !== undefined) resolve(result);
      });
      call.once('cancelled', () => {
        stop?.();
        backlog.read(unread);
      });
    });
  }

  /** When there is room for it: undefined, or why it does not begin. */
  async #beginning(request: Request, weight: number, call: OpenCall): Promise<SynodError | undefined> {
    if (!this.backlog.admits(weight)) {
      return beginLater(this.backlog, { weight, asked: this.askedBytes(request), call });
    }
    this.backlog.begin(weight);
    return undefined;
  }

  /** Refuses an operation that has arrived, and for which there is no room. */
  refuse(request: Request | undefined, done: (answer: Answer | undefined, ok: boolean) => void): void {
    this.#tell(
      request,
      (result) => done(result === undefined ? undefined : this.write(result), false),
      tooMuchUnread(),
    );
  }

  /** What an operation holds from its beginning to its answer, bytes: what it asks, and about what it will answer. */
  weigh(request: Request | undefined): number {
    return this.askedBytes(request);
  }

  /** Refusals too: whatever a server says about a register, it is not silent about it. */
  #tell(
    request: Request | undefined,
    done: (result: Result | SynodError | undefined) => void,
    result: Result | SynodError,
  ): void {
    const muted = !this.#silence.isEmpty && this.#silence.mutes(request ? this.topicOf(request) : wholeServer);
    done(muted ? undefined : result);
  }

  abstract sizeOf(answer: Answer): number;

  /** What an operation holds while it waits for its beginning, bytes. 0 where their number is bound enough. */
  abstract askedBytes(request: Request | undefined): number;

  /**
   * `done` is called once, never synchronously. Returns how to stop it, if it can be stopped. Throws `SynodError`, having
   * done nothing, for what makes no sense.
   */
  protected abstract begin(request: Request, done: (result: Result | SynodError) => void): (() => void) | undefined;
  protected abstract write(result: Result | SynodError): Answer;
  protected abstract topicOf(request: Request): Topic;
}
