import type { Input, Observer, Output } from '@synod/kernel';
import type { LedgerProtocol, LedgerStatus } from '@synod/ledger';
import type { ReportChange } from '@synod/transport/server';
import { CatchUpEvents } from './catch-up-events.js';
import { DecisionEvents } from './decision-events.js';
import type { EventLog } from './event-log.js';
import type { Listeners } from './listeners.js';
import { changeIn } from './report-changes.js';
import { RoundEvents } from './round-events.js';

export interface LedgerObserverOptions {
  readonly events: EventLog;
  readonly changes: Listeners<ReportChange>;
  /** Sees the durable writes. */
  readonly written: NonNullable<Observer['written']>;
  /** Asks the machine how it stands; `done` is not called if it does not answer any more. */
  readonly askStatus: (done: (status: LedgerStatus) => void) => void;
}

/** Watches the loop at work: the cores contain no logging, so that what they do is told from what they release. */
export class LedgerObserver implements Observer<LedgerProtocol> {
  readonly written: NonNullable<Observer['written']>;
  readonly #changes: Listeners<ReportChange>;
  readonly #askStatus: LedgerObserverOptions['askStatus'];
  readonly #decisions: DecisionEvents;
  readonly #catchUp: CatchUpEvents;
  readonly #rounds: RoundEvents;

  constructor({ events, changes, written, askStatus }: LedgerObserverOptions) {
    this.written = written;
    this.#changes = changes;
    this.#askStatus = askStatus;
    this.#decisions = new DecisionEvents(events);
    this.#catchUp = new CatchUpEvents(events);
    this.#rounds = new RoundEvents(events);
  }

  released(output: Output<LedgerProtocol>, input: Input<LedgerProtocol>): void {
    this.#decisions.released(output);
    this.#rounds.released(output, input);
    this.#catchUp.released(output, input);
    if (input.kind === 'wake' && this.#rounds.isOpen) this.#checkRound();
    if (this.#changes.isEmpty) return;
    const change = changeIn(output, input);
    if (change !== undefined) this.#changes.tell(change);
  }

  #checkRound(): void {
    this.#askStatus(({ round }) => {
      if (this.#rounds.checked(round?.ballot)) this.#changes.tell('state');
    });
  }
}
