import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ServerReport } from '@synod/ledger';
import type { WatchStatusRequest, WatchStatusResponse } from '../gen/synod/ledger/v1/ledger_service.js';
import { fail } from '../host/handlers.js';
import type { LedgerBackend, ReportChange } from './ledger-backend.js';
import { writeReport } from './report-wire.js';

export type StatusCall = ServerWritableStream<WatchStatusRequest, WatchStatusResponse>;

/** Changes of mere figures are gathered this long. */
const quietMs = 100;

/**
 * Keeps all watchers of the status current. One report is asked for at a time, for all of them; nobody watching, none
 * is asked for.
 */
export class StatusFeed {
  readonly #backend: LedgerBackend;
  readonly #watchers = new Set<StatusWatcher>();
  #unsubscribe: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #asking = false;
  #askAgain = false;

  constructor(backend: LedgerBackend) {
    this.#backend = backend;
  }

  add(call: StatusCall): void {
    const watcher = new StatusWatcher(call);
    this.#watchers.add(watcher);
    this.#unsubscribe ??= this.#backend.onChange((change) => this.#changed(change));
    call.on('cancelled', () => this.#remove(watcher));
    this.#ask();
  }

  close(): void {
    for (const watcher of this.#watchers) {
      this.#remove(watcher);
      watcher.end();
    }
  }

  #remove(watcher: StatusWatcher): void {
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
    this.#backend.report().then(
      (report) => this.#tell((watcher) => watcher.offer(report)),
      (error: unknown) => this.#tell((watcher) => watcher.fail(error)),
    );
  }

  #tell(tell: (watcher: StatusWatcher) => void): void {
    this.#asking = false;
    for (const watcher of this.#watchers) tell(watcher);
    if (this.#askAgain && this.#watchers.size > 0) this.#ask();
  }
}

/** One reader. While a report is on its way to it, only the latest waits. */
class StatusWatcher {
  readonly #call: StatusCall;
  #writing = false;
  #latest: ServerReport | undefined;

  constructor(call: StatusCall) {
    this.#call = call;
  }

  offer(report: ServerReport): void {
    this.#latest = report;
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
    const response = { report: writeReport(this.#latest) };
    this.#latest = undefined;
    this.#call.write(response, () => {
      this.#writing = false;
      this.#write();
    });
  }
}
