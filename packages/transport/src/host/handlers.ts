import type { EventEmitter } from 'node:events';
import type { handleServerStreamingCall, handleUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { toStatus } from '../errors/wire-errors.js';

/**
 * A method with one request and one answer. What it throws becomes the call's status. `signal`: the caller is gone.
 * `mutes`: whether the answer, whatever it is, is never given.
 */
export function unary<Request, Response>(
  handle: (request: Request, signal: () => AbortSignal) => Promise<Response>,
  mutes: () => boolean = () => false,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const signal = (): AbortSignal => {
      const gone = new AbortController();
      call.on('cancelled', () => gone.abort());
      return gone.signal;
    };
    handle(call.request, signal).then(
      (response) => mutes() || callback(null, response),
      (error: unknown) => mutes() || callback(toStatus(error)),
    );
  };
}

/** A method that answers one request with pages, each produced when the one before it was taken. `mutes` as above. */
export function paged<Request, Page>(
  handle: (request: Request) => AsyncIterable<Page>,
  mutes: () => boolean = () => false,
): handleServerStreamingCall<Request, Page> {
  return (call) => {
    sendAll(call, handle(call.request), mutes).then(
      () => mutes() || call.end(),
      (error: unknown) => mutes() || fail(call, error),
    );
  };
}

/** Ends a stream with an error. */
export function fail(call: EventEmitter, error: unknown): void {
  call.emit('error', toStatus(error));
}

async function sendAll<Request, Page>(
  call: ServerWritableStream<Request, Page>,
  pages: AsyncIterable<Page>,
  mutes: () => boolean,
) {
  for await (const page of pages) {
    if (mutes() || !(await taken(call, page))) return;
  }
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
