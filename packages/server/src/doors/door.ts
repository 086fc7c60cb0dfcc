import { setTimeout as sleep } from 'node:timers/promises';
import { invariant, SynodError, type NodeLoop } from '@synod/kernel';
import type { ReportChange } from '@synod/transport/server';
import type { Instruments } from '../observation/instruments.js';
import { Listeners } from '../observation/listeners.js';
import type { Refusal, ServedProtocol } from '../served-protocol.js';

/** Rates fall by themselves when nothing happens: who watches the report hears of it this often. */
const agingMs = 1_000;

/** While the stop waits for what is under way, it looks this often. */
const drainStepMs = 10;

type Answer<P extends ServedProtocol> = P['result'] | Refusal;

/**
 * Through here callers reach the machine: from when it is there until the stop begins, others are turned away. It is
 * the part of a service's backend that every application has; an application extends it by its own.
 */
export class Door<P extends ServedProtocol> {
  /** Who watches the report. */
  readonly changes = new Listeners<ReportChange>();
  protected readonly instruments: Instruments;
  #loop: NodeLoop<P> | undefined;
  /** Why nobody may enter. */
  #closed: SynodError | undefined;

  constructor(instruments: Instruments) {
    this.instruments = instruments;
    this.#closed = new SynodError('not_ready', `${instruments.server} is starting; nothing was done`);
  }

  open(loop: NodeLoop<P>): void {
    this.#loop = loop;
    this.#closed = undefined;
  }

  /** Turns away whoever comes from now on. */
  close(): void {
    this.#closed = new SynodError('unavailable', `${this.instruments.server} is stopping; nothing was done`);
  }

  /** Why nobody may enter now; undefined: one may. */
  get refusal(): SynodError | undefined {
    return this.#closed;
  }

  /** How much that entered is not answered yet. An application that works beside the machine adds its own. */
  get underWay(): number {
    return this.#loop?.inFlight ?? 0;
  }

  /** Waits until all that entered is answered, but at most so long. */
  async drained(patienceMs: number): Promise<void> {
    const end = performance.now() + patienceMs;
    while (this.underWay > 0 && performance.now() < end) await sleep(drainStepMs);
  }

  /** Asks the machine. `done` is called once, when what the answer rests on is durable; never synchronously. */
  invoke(command: P['command'], done: (result: Answer<P>) => void): void {
    if (this.#closed) return void setImmediate(done, { type: 'error', error: this.#closed });
    this.invokeWithin(command, done);
  }

  /**
   * Asks the machine for something larger that entered while the door was open, also while the stop waits for that.
   * Throws `SynodError` `unavailable` once the loop has ended.
   */
  protected invokeWithin(command: P['command'], done: (result: Answer<P>) => void): void {
    this.#loop!.invoke(command, done); // it was open: there is a loop
  }

  /** Asks the machine what it answers with results of one type. Rejects with the error it answers instead. */
  ask<T extends P['result']['type']>(
    command: P['command'],
    type: T,
  ): Promise<Extract<Answer<P>, { readonly type: T }>> {
    return new Promise((resolve, reject) => {
      this.invoke(command, (result) => {
        if (isOf(result, type)) return resolve(result);
        invariant(isRefusal(result), `${type} is answered as asked, not with ${result.type}`);
        reject(result.error);
      });
    });
  }

  onChange(listener: (change: ReportChange) => void): () => void {
    const remove = this.changes.add(listener);
    const aging = setInterval(() => listener('figures'), agingMs);
    return () => {
      clearInterval(aging);
      remove();
    };
  }
}

function isOf<R extends { readonly type: string }, T extends string>(
  result: R,
  type: T,
): result is Extract<R, { readonly type: T }> {
  return result.type === type;
}

function isRefusal(result: { readonly type: string }): result is Refusal {
  return result.type === 'error';
}
