import type { EventEmitter } from 'node:events';
import type { handleServerStreamingCall, handleUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { toStatus } from '../errors/wire-errors.js';
import type { Backlog } from '../session/backlog.js';
import type { OpenCall } from '../session/open-call.js';

/**
 * A method with one request and one answer. What it throws becomes the call's status. `mutes`: whether the answer to
 * this request, whatever it is, is never given; looked at when it is there.
 */
export function unary<Request, Response>(
  handle: (request: Request, call: OpenCall) => Promise<Response>,
  mutes: (request: Request) => boolean = () => false,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const answer = (...said: Parameters<typeof callback>): void => {
      if (!mutes(call.request)) callback(...said);
    };
    handle(call.request, call).then(
      (response) => answer(null, response),
      (error: unknown) => answer(toStatus(error)),
    );
  };
}

export interface PagedOptions<Page> {
  /** Whether this page, or if undefined the end, is not given, nor anything after it: what is left would be taken for the whole. */
  readonly mutes: (page: Page | undefined) => boolean;
  readonly backlog: Backlog;
  /** What one page holds of it until it is taken, bytes, at most. */
  readonly pageBytes: number;
}

/** A method that answers one request with pages, each produced when the one before it was taken. */
export function paged<Request, Page>(
  handle: (request: Request) => AsyncIterable<Page>,
  { mutes, backlog, pageBytes }: PagedOptions<Page>,
): handleServerStreamingCall<Request, Page> {
  return (call) => {
    try {
      call.once('cancelled', backlog.lend(pageBytes));
    } catch (error) {
      return void (mutes(undefined) || fail(call, error));
    }
    sendAll(call, handle(call.request), mutes).catch((error: unknown) => mutes(undefined) || fail(call, error));
  };
}

/** Ends a stream with an error. */
export function fail(call: EventEmitter, error: unknown): void {
  call.emit('error', toStatus(error));
}

async function sendAll<Request, Page>(
  call: ServerWritableStream<Request, Page>,
  pages: AsyncIterable<Page>,
  mutes: (page: Page | undefined) => boolean,
): Promise<void> {
  for await (const page of pages) {
    if (mutes(page) || !(await taken(call, page))) return;
  }
  if (!mutes(undefined)) call.end();
}

/** Whether the page was taken; `false`: the client is gone. grpc-js never calls back for a cancelled call. */
function taken<Request, Page>(call: ServerWritableStream<Request, Page>, page: Page): Promise<boolean> {
  return new Promise((resolve) => {
    if (call.cancelled) return resolve(false);
    const gone = (): void => resolve(false);
    call.once('cancelled', gone);
    call.write(page, () => {
      call.off('cancelled', gone);
      resolve(true);
    });
  });
}
