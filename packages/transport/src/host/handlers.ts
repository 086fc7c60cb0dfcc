import type { EventEmitter } from 'node:events';
import type { handleServerStreamingCall, handleUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { toStatus } from '../errors/wire-errors.js';

/** A method with one request and one answer. What it throws becomes the call's status. */
export function unary<Request, Response>(
  handle: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    handle(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(toStatus(error)),
    );
  };
}

/** A method that answers one request with pages, each produced when the one before it was taken. */
export function paged<Request, Page>(
  handle: (request: Request) => AsyncIterable<Page>,
): handleServerStreamingCall<Request, Page> {
  return (call) => {
    sendAll(call, handle(call.request)).then(
      () => call.end(),
      (error: unknown) => fail(call, error),
    );
  };
}

/** Ends a stream with an error. */
export function fail(call: EventEmitter, error: unknown): void {
  call.emit('error', toStatus(error));
}

async function sendAll<Request, Page>(call: ServerWritableStream<Request, Page>, pages: AsyncIterable<Page>) {
  for await (const page of pages) {
    if (!(await taken(call, page))) return;
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
