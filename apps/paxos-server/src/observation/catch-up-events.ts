import type { Input, NodeId, Output } from '@synod/kernel';
import type { LedgerProtocol, LedgerRecord } from '@synod/ledger';
import { paxosKeys } from '@synod/paxos';
import type { EventLog } from '@synod/server';

/** Tells when this server begins to fetch blocks it is missing, what it skips, and when it has them. */
export class CatchUpEvents {
  readonly #events: EventLog;
  #from: NodeId | undefined;

  constructor(events: EventLog) {
    this.#events = events;
  }

  released(output: Output<LedgerProtocol>, input: Input<LedgerProtocol>): void {
    this.#caughtUp(output, input);
    for (const { key, value } of output.persist) if (key === paxosKeys.missing) this.#skipped(value, input);
  }

  #skipped(missing: LedgerRecord | undefined, input: Input<LedgerProtocol>): void {
    if (missing === undefined) {
      this.#events.add('info', 'backfill-finished', 'all blocks that the snapshot skipped are filled in');
    } else if (missing.kind === 'missing' && input.kind === 'deliver' && input.message.type === 'snapshot') {
      const { from } = input;
      const fields = { from, first: String(missing.from), last: String(missing.to) };
      const message = `far behind ${from}: goes on from its snapshot of height ${missing.to}, and fills in blocks from ${missing.from} on`;
      this.#events.add('info', 'snapshot-adopted', message, fields);
    }
  }

  #caughtUp({ send }: Output<LedgerProtocol>, input: Input<LedgerProtocol>): void {
    const fetch = send.find(({ message }) => message.type === 'fetch');
    if (fetch) {
      if (this.#from === undefined) {
        const fields = { from: fetch.to, height: String(fetch.message.height) };
        this.#events.add(
          'info',
          'catch-up-started',
          `behind ${fetch.to}: fetching blocks from ${fields.height} on`,
          fields,
        );
      }
      this.#from = fetch.to;
    } else if (this.#from !== undefined && isLastPage(input)) {
      const fields = { from: this.#from, height: String(input.message.height) };
      this.#events.add('info', 'catch-up-finished', `caught up with ${this.#from} at block ${fields.height}`, fields);
      this.#from = undefined;
    } else if (input.kind === 'link' && !input.up && input.peer === this.#from) {
      this.#events.add('info', 'catch-up-interrupted', `lost ${input.peer} while fetching blocks`, {
        from: input.peer,
      });
      this.#from = undefined;
    }
  }
}

type BlocksInput = Extract<Input<LedgerProtocol>, { kind: 'deliver' }> & { message: { type: 'blocks' | 'snapshot' } };

/** A page, or a snapshot, after which nothing is fetched is the last. */
function isLastPage(input: Input<LedgerProtocol>): input is BlocksInput {
  return input.kind === 'deliver' && (input.message.type === 'blocks' || input.message.type === 'snapshot');
}
