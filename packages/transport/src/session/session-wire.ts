import type { MethodDefinition } from '@grpc/grpc-js';
import type { SynodError } from '@synod/kernel';
import type { Backlog } from './backlog.js';

/** What one turn of a client's event loop asks for. `withdrawn`: nobody waits for these any more; not all services listen. */
export interface SessionRequest<Request> {
  items: { number: number; request: Request | undefined }[];
  withdrawn: bigint[];
}

/** What one turn of a server's event loop answers, in the order in which it ended. */
export interface SessionResponse<Answer> {
  results: { number: number; result: Answer | undefined }[];
}

/** How the operations of one service travel on a session. */
export interface SessionWire<Command, Result, Request, Answer> {
  readonly method: Pick<
    MethodDefinition<SessionRequest<Request>, SessionResponse<Answer>>,
    'path' | 'requestSerialize' | 'responseDeserialize'
  >;
  /** Whether the server listens to what is withdrawn. */
  readonly stops: boolean;
  /** Throws `SynodError` `invalid_argument`, so that nonsense fails alone and not with the stream it would travel on. */
  write(command: Command): Request;
  /** About the bytes of a request, in characters. */
  sizeOf(request: Request): number;
  /** Never throws: what makes no sense is an `internal` error, and nobody knows what happened. */
  read(answer: Answer | undefined): Result | SynodError;
}

/** Through here the operations of all clients' sessions enter a server, and those of its unary methods. */
export interface SessionDoor<Request, Answer> {
  /**
   * `done` is called once, possibly at once: with the answer, or with undefined when there shall be none. Returns how to
   * stop the work when nobody waits for it any more, if it can be stopped; `done` is called all the same.
   */
  enter(
    request: Request | undefined,
    done: (answer: Answer | undefined, ok: boolean) => void,
  ): (() => void) | undefined;
  /** Refuses what arrived and can not even wait; `done` as of `enter`. */
  refuse(request: Request | undefined, done: (answer: Answer | undefined, ok: boolean) => void): void;
  /** About the bytes of an answer, in characters. */
  sizeOf(answer: Answer): number;
  /** What an operation holds from its beginning to its answer, bytes. */
  weigh(request: Request | undefined): number;
  /** What it holds while it waits for its beginning, bytes. */
  askedBytes(request: Request | undefined): number;
  /** What all operations of the server hold. */
  readonly backlog: Backlog;
}
