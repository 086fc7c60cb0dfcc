import { setTimeout as sleep } from 'node:timers/promises';
import {
  invariant,
  SynodError,
  type NodeId,
  type NodeLoop,
  type PerformanceReport,
  type ServerEvent,
} from '@synod/kernel';
import type { LedgerCommand, LedgerProtocol, LedgerResult, ServerReport } from '@synod/ledger';
import type { Metrics } from '@synod/metrics';
import type { LedgerBackend, PerformanceOptions, ReportChange } from '@synod/transport/server';
import type { EventLog } from './observation/event-log.js';
import { Listeners } from './observation/listeners.js';

/** Rates fall by themselves when nothing happens: who watches the report hears of it this often. */
const agingMs = 1_000;

/** While the stop waits for what is under way, it looks this often. */
const drainStepMs = 10;

/** Through here clients reach the machine: from when it is there until the stop begins, others are turned away. */
export class LedgerDoor implements LedgerBackend {
  /** Who watches the report. */
  readonly changes = new Listeners<ReportChange>();
  readonly #self: NodeId;
  readonly #events: EventLog;
  readonly #metrics: Metrics;
  #loop: NodeLoop<LedgerProtocol> | undefined;
  #closed: SynodError | undefined;

  constructor(self: NodeId, events: EventLog, metrics: Metrics) {
    this.#self = self;
    this.#events = events;
    this.#metrics = metrics;
    this.#closed = new SynodError('not_ready', `${self} is starting; nothing was done`);
  }

  open(loop: NodeLoop<LedgerProtocol>): void {
    this.#loop = loop;
    this.#closed = undefined;
  }

  /** Turns away whoever comes from now on. */
  close(): void {
    this.#closed = new SynodError('unavailable', `${this.#self} is stopping; nothing was done`);
  }

  /** Waits until all that entered is answered, but at most so long. */
  async drained(patienceMs: number): Promise<void> {
    const end = performance.now() + patienceMs;
    while (this.#loop && this.#loop.inFlight > 0 && performance.now() < end) await sleep(drainStepMs);
  }

  invoke(command: LedgerCommand, done: (result: LedgerResult) => void): void {
    if (this.#closed || !this.#loop) {
      const error = this.#closed ?? new SynodError('unavailable', `${this.#self} has stopped`);
      return void setImmediate(done, { type: 'error', error });
    }
    if (command.type !== 'transfer') return this.#loop.invoke(command, done);
    const arrived = performance.now();
    this.#loop.invoke(command, (result) => {
      if (result.type === 'outcome') {
        this.#metrics.decided(result.outcome.id, result.outcome.status, performance.now() - arrived);
      }
      done(result);
    });
  }

  async report(): Promise<ServerReport> {
    const [{ status }, { map }] = await Promise.all([
      this.#ask({ type: 'status' }, 'status'),
      this.#ask({ type: 'balance-map' }, 'balance-map'),
    ]);
    const { requests, writes, loopDelayMs } = this.performance({ recent: 0 });
    return {
      status,
      own: map.balances.filter(({ home }) => home === this.#self),
      performance: {
        transfersPerSecond: requests.perSecond,
        p50Ms: requests.p50Ms,
        p99Ms: requests.p99Ms,
        writes,
        loopDelayMs,
      },
    };
  }

  performance(options: PerformanceOptions): PerformanceReport {
    return this.#metrics.report(options);
  }

  onChange(listener: (change: ReportChange) => void): () => void {
    const remove = this.changes.add(listener);
    const aging = setInterval(() => listener('figures'), agingMs);
    return () => {
      clearInterval(aging);
      remove();
    };
  }

  onEvent(listener: (event: ServerEvent) => void): () => void {
    return this.#events.onEvent(listener);
  }

  events(count: number): readonly ServerEvent[] {
    return this.#events.last(count);
  }

  #ask<T extends LedgerResult['type']>(
    command: LedgerCommand,
    type: T,
  ): Promise<Extract<LedgerResult, { readonly type: T }>> {
    return new Promise((resolve, reject) => {
      this.invoke(command, (result) => {
        if (isOf(result, type)) return resolve(result);
        invariant(result.type === 'error', `${type} is answered as asked, not with ${result.type}`);
        reject(result.error);
      });
    });
  }
}

function isOf<T extends LedgerResult['type']>(
  result: LedgerResult,
  type: T,
): result is Extract<LedgerResult, { readonly type: T }> {
  return result.type === type;
}
