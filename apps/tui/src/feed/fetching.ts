import type { RegisterReport, ServerReport } from '@synod/client';
import type { NodeId } from '@synod/kernel';

/** A server that answers, and what it last reported of what it serves. */
export interface Answering {
  readonly id: NodeId;
  /** `host:port`, as the client knows it. */
  readonly address: string;
  readonly ledger: ServerReport | undefined;
  readonly registers: RegisterReport | undefined;
}

/** Fetches what the screen wants, from servers that answer. */
export interface Fetching {
  /** A server has reported. */
  reported(server: Answering): void;
  /** It does not answer any more. */
  lost(id: NodeId): void;
  /** Gives up everything that is under way. */
  close(): void;
}
