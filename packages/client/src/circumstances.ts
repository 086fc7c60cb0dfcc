import type { SynodError } from '@synod/kernel';
import type { ClientCore } from './client-core.js';
import type { Deadline } from './deadline.js';
import type { Traffic } from './traffic.js';

/** What the operations of one call have in common. */
export interface Circumstances<Command, Outcome> {
  readonly core: ClientCore;
  readonly traffic: Traffic<Command, Outcome>;
  readonly deadline: Deadline;
  /** A change is also sent again after a try whose outcome is unknown. */
  readonly retryIndefinite: boolean;
  /** The operation of this number has ended; told once for each. */
  settled(number: number, result: Outcome | SynodError): void;
}
