import type { CallOptions } from './call-options.js';
import type { Connection, Method } from './connection.js';
import { endQuietly } from './end-quietly.js';
import { latestOnly } from './latest-only.js';

/** The pages of a stream of reports; a slow reader gets only the latest. Ends with the signal. */
export async function* watchLatest<Request, Page>(
  connection: Connection,
  method: Method<Request, Page>,
  request: Request,
  options: CallOptions,
): AsyncGenerator<Page> {
  const left = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
  const pages = connection.pages(method, request, { ...options, signal });
  try {
    for await (const page of latestOnly(pages, () => left.abort())) yield page;
  } catch (error) {
    endQuietly(error, options.signal);
  }
}
