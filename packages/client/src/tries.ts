import type { Submission } from '@synod/transport/client';
import type { Hedging } from './hedging.js';
import type { ServerLink } from './server-link.js';

/** One operation on its way to one server. */
export interface Try {
  readonly link: ServerLink;
  /** As `performance.now()` counts. */
  readonly sentAt: number;
  /** It went out while another one of the same operation was under way. */
  readonly isHedge: boolean;
  submission: Submission | undefined;
}

/** The tries of one operation that are under way, oldest first: one, but for reads that are hedged. */
export type Tries = readonly Try[];

export const noTries: Tries = [];

export function begin(tries: Tries, link: ServerLink, sentAt: number, hedging: Hedging): Tries {
  const isHedge = tries.length > 0;
  if (isHedge) hedging.underWay++;
  const begun: Try = { link, sentAt, isHedge, submission: undefined };
  return isHedge ? [...tries, begun] : [begun];
}

export function end(tries: Tries, ended: Try, hedging: Hedging): Tries {
  if (ended.isHedge) hedging.underWay--;
  return tries.length === 1 ? noTries : tries.filter((one) => one !== ended);
}

/** Answers whether it may have reached its server. */
export function withdraw({ submission }: Try): boolean {
  const neverSent = submission?.withdraw() ?? true;
  return !neverSent;
}
