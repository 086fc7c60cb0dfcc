import { systemClock, type Input, type Observer, type Output, type Time } from '@synod/kernel';
import type { LedgerProtocol } from '@synod/ledger';
import type { Metrics } from '@synod/metrics';
import type { LedgerDoor } from '../ledger-door.js';
import { CatchUpEvents } from './catch-up-events.js';
import { DecisionEvents } from './decision-events.js';
import type { EventLog } from './event-log.js';
import { MessageTimes } from './message-times.js';
import { changeIn } from './report-changes.js';
import { RoundEvents } from './round-events.js';

/** Watches the loop at work: the cores contain no logging, so that what they do is told from what they release. */
export class LedgerObserver implements Observer<LedgerProtocol> {
  readonly #metrics: Metrics;
  readonly #ledger: LedgerDoor;
  readonly #decisions: DecisionEvents;
  readonly #catchUp: CatchUpEvents;
  readonly #rounds: RoundEvents;
  readonly #messageTimes: MessageTimes;

  constructor({ events, metrics, ledger }: { events: EventLog; metrics: Metrics; ledger: LedgerDoor }) {
    this.#metrics = metrics;
    this.#ledger = ledger;
    this.#decisions = new DecisionEvents(events);
    this.#catchUp = new CatchUpEvents(events);
    this.#rounds = new RoundEvents(events);
    this.#messageTimes = new MessageTimes(metrics, () => systemClock.now());
  }

  stepped(_input: Input<LedgerProtocol>, _output: Output<LedgerProtocol>, now: Time): void {
    this.#messageTimes.stepped(now);
  }

  written(puts: number, ms: number): void {
    this.#metrics.written(puts, ms);
  }

  released(output: Output<LedgerProtocol>, input: Input<LedgerProtocol>): void {
    this.#messageTimes.released(input);
    this.#decisions.released(output);
    this.#rounds.released(output, input);
    this.#catchUp.released(output, input);
    if (input.kind === 'wake' && this.#rounds.isOpen) this.#checkRound();
    const { changes } = this.#ledger;
    const change = changes.isEmpty ? undefined : changeIn(output, input);
    if (change !== undefined) changes.tell(change);
  }

  #checkRound(): void {
    this.#ledger.invoke({ type: 'status' }, (result) => {
      if (result.type !== 'status' || !this.#rounds.checked(result.status.round?.ballot)) return;
      this.#ledger.changes.tell('state');
    });
  }
}
