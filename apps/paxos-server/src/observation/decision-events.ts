import type { Output } from '@synod/kernel';
import {
  showTransfer,
  type LedgerBlock,
  type LedgerProtocol,
  type OutcomeRecord,
  type PendingRecord,
} from '@synod/ledger';
import { showBallot } from '@synod/paxos';
import type { EventLog } from '@synod/server';

/** One step may execute a long queue: above this many at once, single transfers are of debug level. */
const manyAtOnce = 16;

type Decision = OutcomeRecord | PendingRecord;

/** Tells what became durable: committed blocks, decided transfers, and that this server takes part. */
export class DecisionEvents {
  readonly #events: EventLog;

  constructor(events: EventLog) {
    this.#events = events;
  }

  released({ persist }: Output<LedgerProtocol>): void {
    const decisions: Decision[] = [];
    for (const { value } of persist) {
      if (value?.kind === 'outcome' || value?.kind === 'pending') decisions.push(value);
      else if (value?.kind === 'block' && isHead(value.block, persist)) this.#committed(value.block);
      else if (value?.kind === 'identity' && value.standing === 'established') {
        this.#events.add('info', 'server-ready', 'known to a majority of the servers: taking part');
      }
    }
    const isFlood = decisions.length > manyAtOnce;
    if (isFlood) {
      const transfers = String(decisions.length);
      this.#events.add('info', 'transfers-decided', `${transfers} transfers decided at once`, { transfers });
    }
    for (const decision of decisions) this.#decided(decision, isFlood);
  }

  #committed({ height, ballot, hash, entries, change }: LedgerBlock): void {
    const replaced = change ? `, ${change.server} replaced` : '';
    const message = `block ${height} of ballot ${showBallot(ballot)} committed, ${entries.length} transfers${replaced}`;
    this.#events.add('info', 'block-committed', message, {
      height: String(height),
      ballot: showBallot(ballot),
      proposer: ballot.server,
      hash,
      transfers: String(entries.length),
    });
  }

  #decided(decision: Decision, isFlood: boolean): void {
    const status = decision.kind === 'pending' ? 'pending' : decision.status;
    const level = status === 'local' || isFlood ? 'debug' : 'info';
    if (level === 'debug' && !this.#events.wantsDebug) return;
    const { id, from, to, amount } = decision.transfer;
    const reason = decision.kind === 'outcome' ? decision.reason : '';
    const message = `${showTransfer(decision.transfer)} ${status}${reason && `: ${reason}`}`;
    this.#events.add(level, 'transfer-decided', message, { id, from, to, amount: String(amount), status, reason });
  }
}

/** A block that is filled in after a snapshot was committed long before: the chain does not grow with it. */
function isHead({ height }: LedgerBlock, persist: Output<LedgerProtocol>['persist']): boolean {
  return persist.some(({ value }) => value?.kind === 'head' && value.height === height);
}
