import type { ServerWritableStream } from '@grpc/grpc-js';
import { fail } from '../host/handlers.js';
import type { ReportChange, ReportSource } from './report-source.js';

type StatusCall<Response> = ServerWritableStream<unknown, Response>;

/** Changes of mere figures are gathered this long. */
const quietMs = 100;

/**
 * Keeps all watchers of the status current. One report is asked for at a time, for all of them; nobody watching, none
 * is asked for.
 */
export class StatusFeed<Report, Response> {
  readonly #source: ReportSource<Report>;
  readonly #write: (report: Report) => Response;
  readonly #watchers = new Set<StatusWatcher<Response>>();
  #unsubscribe: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #asking = false;
  #askAgain = false;

  /** `write`: the response that carries a report. */
  constructor(source: ReportSource<Report>, write: (report: Report) => Response) {
    this.#source = source;
    this.#write = write;
  }

  add(call: StatusCall<Response>): void {
    const watcher = new StatusWatcher<Response>(call);
    this.#watchers.add(watcher);
    this.#unsubscribe ??= this.#source.onChange((change) => this.#changed(change));
    call.on('cancelled', () => this.#remove(watcher));
    this.#ask();
  }

  close(): void {
    for (const watcher of this.#watchers) {
      this.#remove(watcher);
      watcher.end();
    }
  }

  #remove(watcher: StatusWatcher<Response>): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #changed(change: ReportChange): void {
    if (change === 'state') this.#ask();
    else this.#timer ??= setTimeout(() => this.#ask(), quietMs);
  }

  #ask(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#askAgain = this.#asking;
    if (this.#asking) return;
    this.#asking = true;
    this.#source.report().then(
      (report) => {
        const response = this.#write(report);
        this.#tell((watcher) => watcher.offer(response));
      },
      (error: unknown) => this.#tell((watcher) => watcher.fail(error)),
    );
  }

  #tell(tell: (watcher: StatusWatcher<Response>) => void): void {
    this.#asking = false;
    for (const watcher of this.#watchers) tell(watcher);
    if (this.#askAgain && this.#watchers.size > 0) this.#ask();
  }
}

/** One reader. While a report is on its way to it, only the latest waits. */
class StatusWatcher<Response> {
  readonly #call: StatusCall<Response>;
  #writing = false;
  #latest: Response | undefined;

  constructor(call: StatusCall<Response>) {
    this.#call = call;
  }

  offer(response: Response): void {
    this.#latest = response;
    this.#write();
  }

  fail(error: unknown): void {
    fail(this.#call, error);
  }

  end(): void {
    this.#call.end();
  }

  #write(): void {
    if (this.#writing || !this.#latest) return;
    this.#writing = true;
    const response = this.#latest;
    this.#latest = undefined;
    this.#call.write(response, () => {
      this.#writing = false;
      this.#write();
    });
  }
}
