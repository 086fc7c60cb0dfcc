import { compareNatural, type NodeId } from '@synod/kernel';

/**
 * A proposal number: (round, server), ordered by round, then by server in natural order, so that no two servers ever
 * use the same one. A server never reuses a round, restarts included. (Lamport, *Paxos Made Simple*, section 2.5.)
 */
export interface Ballot {
  /** From 1. */
  readonly round: number;
  readonly server: NodeId;
}

/** Below every ballot a server can make. */
export const noBallot: Ballot = { round: 0, server: '' };

export function compareBallots(a: Ballot, b: Ballot): number {
  return a.round - b.round || compareNatural(a.server, b.server);
}

export function sameBallot(a: Ballot, b: Ballot): boolean {
  return a.round === b.round && a.server === b.server;
}

export function showBallot({ round, server }: Ballot): string {
  return round === 0 ? 'none' : `(${round}, ${server})`;
}
