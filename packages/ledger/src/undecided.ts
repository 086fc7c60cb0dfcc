import type { OperationId } from '@synod/kernel';
import type { Durability, GatherFrom, ShortPolicy, Transfer } from './transfer.js';

/** Who waits for the outcome of a transfer, and how sure it must be. */
export interface Asker {
  readonly id: OperationId;
  readonly durability: Durability;
}

/** A transfer that is short and waits for a round. It is in no log and no queue: a crash forgets it. */
export interface Undecided {
  readonly transfer: Transfer;
  /** As the first caller wished. */
  readonly short: ShortPolicy;
  readonly gather: GatherFrom;
  /** The first caller and those who repeated it meanwhile. */
  readonly askers: Asker[];
  /** Only a round that starts later than this many attempts shows that the money is not there. */
  readonly after: number;
}
