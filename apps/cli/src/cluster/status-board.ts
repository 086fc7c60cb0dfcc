import { SynodError, type NodeId } from '@synod/kernel';

/** How long after its stream ended a server is asked for a new one. */
const againMs = 20;

/** The latest report of every running server, from their status streams: the place to wait for a state. */
export class StatusBoard<Report> {
  readonly #watch: (server: NodeId, signal: AbortSignal) => AsyncIterable<Report>;
  readonly #latest = new Map<NodeId, Report>();
  /** Those whose stream stands. */
  readonly #answering = new Set<NodeId>();
  readonly #watches = new Map<NodeId, AbortController>();
  readonly #waiting = new Set<{ check(): void; giveUp(): void }>();

  /** `watch`: the reports of one server as they change; ends with the signal. */
  constructor(watch: (server: NodeId, signal: AbortSignal) => AsyncIterable<Report>) {
    this.#watch = watch;
  }

  get(server: NodeId): Report | undefined {
    return this.#latest.get(server);
  }

  /** Whether the server's reports come in now; the latest stays when they end. */
  isAnswering(server: NodeId): boolean {
    return this.#answering.has(server);
  }

  /** Follows a server from now on, until `forget`. */
  follow(server: NodeId): void {
    this.forget(server);
    const watch = new AbortController();
    this.#watches.set(server, watch);
    void this.#follow(server, watch.signal);
  }

  forget(server: NodeId): void {
    this.#watches.get(server)?.abort();
    this.#watches.delete(server);
    this.#latest.delete(server);
    this.#answering.delete(server);
    this.#check();
  }

  /**
   * Waits until every one of `servers` that is followed has given a report that satisfies `holds`. Rejects with
   * `SynodError` `unavailable` naming those that have not, after `withinMs`.
   */
  async until(
    servers: readonly NodeId[],
    holds: (report: Report, server: NodeId) => boolean,
    what: string,
    withinMs: number,
  ): Promise<void> {
    const missing = () =>
      servers.filter((server) => {
        if (!this.#watches.has(server)) return false;
        const report = this.#latest.get(server);
        return !report || !holds(report, server);
      });
    if (missing().length === 0) return;
    await new Promise<void>((resolve, reject) => {
      const finish = (error?: SynodError) => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        if (error) reject(error);
        else resolve();
      };
      const late = () =>
        finish(new SynodError('unavailable', `${missing().join(', ')} did not ${what} in ${withinMs / 1000} s`));
      const timer = setTimeout(late, withinMs);
      const waiting = {
        check: () => {
          if (missing().length === 0) finish();
        },
        giveUp: () => finish(new SynodError('cancelled', 'the cluster is being stopped')),
      };
      this.#waiting.add(waiting);
    });
  }

  /** Follows nobody any more, and ends every wait with `cancelled`. */
  close(): void {
    for (const server of [...this.#watches.keys()]) this.forget(server);
    for (const waiting of [...this.#waiting]) waiting.giveUp();
  }

  #check(): void {
    for (const waiting of [...this.#waiting]) waiting.check();
  }

  async #follow(server: NodeId, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const report of this.#watch(server, signal)) {
          this.#latest.set(server, report);
          this.#answering.add(server);
          this.#check();
        }
      } catch (error) {
        // The server is starting, or gone: the stream is asked for again until somebody stops following it.
        if (!(error instanceof SynodError)) throw error;
      }
      if (signal.aborted) return;
      this.#answering.delete(server);
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
}
