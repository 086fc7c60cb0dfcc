import type { Input, Observer, Output } from '@synod/kernel';
import type { LedgerProtocol } from '@synod/ledger';
import type { EventLog } from '@synod/server';
import type { LedgerDoor } from '../ledger-door.js';
import { CatchUpEvents } from './catch-up-events.js';
import { DecisionEvents } from './decision-events.js';
import { changeIn } from './report-changes.js';
import { RoundEvents } from './round-events.js';

/** Watches the loop at work: the cores contain no logging, so that what they do is told from what they release. */
export class LedgerObserver implements Pick<Observer<LedgerProtocol>, 'released'> {
  readonly #ledger: LedgerDoor;
  readonly #decisions: DecisionEvents;
  readonly #catchUp: CatchUpEvents;
  readonly #rounds: RoundEvents;

  constructor(events: EventLog, ledger: LedgerDoor) {
    this.#ledger = ledger;
    this.#decisions = new DecisionEvents(events);
    this.#catchUp = new CatchUpEvents(events);
    this.#rounds = new RoundEvents(events);
  }

  released(output: Output<LedgerProtocol>, input: Input<LedgerProtocol>): void {
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
