import type { SynodError } from '@synod/kernel';
import type { ClientCore } from './client-core.js';
import type { Deadline } from './deadline.js';
import type { LastingSession } from './lasting-session.js';
import type { Access, Routes } from './routes.js';
import type { ServerLink } from './server-link.js';

/** An operation on its way. */
export interface Running {
  /** Times are those of `performance.now()`. */
  start(now: number): void;
  /** Ends it with `cancelled`. */
  giveUp(why: string): void;
}

/** What is particular to the operations of one service. */
export interface Traffic<Command, Outcome> {
  session(link: ServerLink): LastingSession<Command, Outcome>;
  /** It changes nothing. */
  isRead(command: Command): boolean;
  /** A read of the same. */
  asRead(command: Command): Command;
  access(routes: Routes, command: Command): Access | undefined;
  /** Why there can be no such register or token, whatever is configured. */
  objection(command: Command): SynodError | undefined;
  /** The error for what is not configured. */
  unknown(command: Command): SynodError;
  /** `the write of register "a"` */
  describe(command: Command): string;
  /** A read that needs no server to ask the others; undefined: there is no such way. */
  readonly readByQuorum:
    ((call: Circumstances<Command, Outcome>, command: Command, number: number) => Running) | undefined;
  /** Each of its reads is answered soon: one that is not may as well be asked anew. */
  readonly isBrief: boolean;
}

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
