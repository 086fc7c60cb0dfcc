import type { PendingRecord } from './records.js';
import type { Transfer } from './transfer.js';
import { Waiting } from './waiting.js';

/** The durable queues of transfers that wait for money. */
export class Queues extends Waiting<PendingRecord> {
  #last = 0;

  /** Records arrive in the order of their numbers. */
  recover(record: PendingRecord): void {
    this.#last = record.number;
    this.push(record);
  }

  enqueue(transfer: Transfer): PendingRecord {
    const record: PendingRecord = { kind: 'pending', number: ++this.#last, transfer };
    this.push(record);
    return record;
  }
}
