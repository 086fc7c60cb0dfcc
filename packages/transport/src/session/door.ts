import { SynodError } from '@synod/kernel';
import { asSynodError } from '../errors/wire-errors.js';
import { never, wholeServer, type Muting, type Topic } from '../silence/topic.js';
import type { SessionDoor } from './session-wire.js';

export interface DoorOptions {
  /** Operations under way above which new ones are refused with `resource_exhausted`. */
  readonly limit: number;
  /** What the server keeps to itself. Default: nothing. */
  readonly silence?: Muting;
}

/**
 * Through here every operation of every client enters, by whichever method: it is checked, and admitted as long as less
 * than a bounded number are under way, so that a flood of clients costs bounded memory.
 */
export abstract class Door<Request, Result, Answer> implements SessionDoor<Request, Answer> {
  readonly #limit: number;
  readonly #silence: Muting;
  #inFlight = 0;

  constructor({ limit, silence = never }: DoorOptions) {
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
      if (!request) throw new SynodError('invalid_argument', 'request is missing');
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

  /** One operation as a call of its own. Rejects with `SynodError`; never settles if the server is silent about it. */
  answer(request: Request, signal?: AbortSignal): Promise<Result> {
    return new Promise((resolve, reject) => {
      const stop = this.decide(request, (result) => {
        if (result instanceof SynodError) reject(result);
        else if (result !== undefined) resolve(result);
      });
      if (stop) signal?.addEventListener('abort', stop, { once: true });
    });
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

  /**
   * `done` is called once, never synchronously. Returns how to stop it, if it can be stopped. Throws `SynodError`, having
   * done nothing, for what makes no sense.
   */
  protected abstract begin(request: Request, done: (result: Result | SynodError) => void): (() => void) | undefined;
  protected abstract write(result: Result | SynodError): Answer;
  protected abstract topicOf(request: Request): Topic;
}
