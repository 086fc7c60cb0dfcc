import type { SynodError } from '@synod/kernel';
import type { LastingSession } from './lasting-session.js';
import type { Access, Routes } from './routes.js';
import type { ServerLink } from './server-link.js';

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
  /** Each of its reads is answered soon: one that is not may as well be asked anew. */
  readonly isBrief: boolean;
}
