import type { NodeId } from '@synod/kernel';
import type { Ballot } from './ballot.js';
import type { Block, Entry } from './block.js';
import type { Member } from './member.js';

/**
 * What servers tell one another. Every message names ballot and height; a reply counts only if both match the phase
 * that runs. (Phases 1 and 2 of *Paxos Made Simple*, section 2.2, one instance per height, with two additions: a
 * Promise carries the local log, and a Nack carries the blocks a proposer is missing.)
 */
export type PaxosMessage<T> =
  | Prepare
  | Promise<T>
  | Nack<T>
  | Accept<T>
  | Accepted
  | Commit
  | Withdraw
  | Status
  | Fetch
  | Blocks<T>
  | Snapshot
  | Backfill
  | History<T>
  | Introduce
  | Acquainted;

/** Phase 1a: asks to promise `ballot` for `height`, and for the local log. */
export interface Prepare {
  readonly type: 'prepare';
  readonly ballot: Ballot;
  readonly height: number;
}

/** Phase 1b: `ballot` is promised. Carries the accepted block of that height if there is one, otherwise the local log. */
export interface Promise<T> {
  readonly type: 'promise';
  readonly ballot: Ballot;
  readonly height: number;
  readonly accepted: { readonly ballot: Ballot; readonly block: Block<T> } | undefined;
  /** The oldest entries of the local log, up to the gather limit. */
  readonly log: readonly Entry<T>[];
  /** The local log holds more than these. */
  readonly more: boolean;
  /** The promising server waits to lead a round of its own. */
  readonly wants: boolean;
}

/** Refuses a Prepare or an Accept, and says why: a higher promise, or another height. */
export interface Nack<T> {
  readonly type: 'nack';
  /** Ballot and height of the refused request. */
  readonly ballot: Ballot;
  readonly height: number;
  readonly promised: Ballot;
  /** The height `promised` was promised for: below `committed + 1` its instance is decided and nobody to wait for. */
  readonly promisedFor: number;
  /** The refusing server's committed height. */
  readonly committed: number;
  /** Blocks from the refused height on, up to a page, if the proposer is behind. */
  readonly blocks: readonly Block<T>[];
}

/** Phase 2a. */
export interface Accept<T> {
  readonly type: 'accept';
  readonly ballot: Ballot;
  readonly height: number;
  readonly block: Block<T>;
}

/** Phase 2b: the block is durable under `ballot`. */
export interface Accepted {
  readonly type: 'accepted';
  readonly ballot: Ballot;
  readonly height: number;
}

/**
 * The block with this hash is chosen at this height. Who does not hold that very block fetches it. `next`: whose turn it is
 * to lead a round, of those who waited; the others give it time. A courtesy, on which nothing rests.
 */
export interface Commit {
  readonly type: 'commit';
  readonly ballot: Ballot;
  readonly height: number;
  readonly hash: string;
  readonly next: NodeId | undefined;
}

/** The proposer of `ballot` ends without a block: nobody needs to wait for it. */
export interface Withdraw {
  readonly type: 'withdraw';
  readonly ballot: Ballot;
  readonly height: number;
}

/** Background exchange: where a server stands. Who is behind is decided by height and hash alone. */
export interface Status {
  readonly type: 'status';
  /** The highest ballot the sender has seen, so that the next proposal starts above it. */
  readonly ballot: Ballot;
  /** Committed height. */
  readonly height: number;
  /** Hash of the block at `height`, or of the genesis. */
  readonly hash: string;
}

/** Asks for committed blocks from `height` on. Who asks from far behind is answered with a snapshot instead. */
export interface Fetch {
  readonly type: 'fetch';
  readonly ballot: Ballot;
  readonly height: number;
  /** How many entries the blocks below `height` hold together: how far behind the sender is. */
  readonly entries: number;
  /** The sender needs every block: no snapshot helps. */
  readonly whole: boolean;
}

/** One page of committed blocks, from the height asked for. */
export interface Blocks<T> {
  readonly type: 'blocks';
  readonly ballot: Ballot;
  /** The sender's committed height: above the last block here, there is more. */
  readonly height: number;
  readonly blocks: readonly Block<T>[];
}

/** Where the sender's chain stands, without its blocks: all that a server needs to go on from there. */
export interface Snapshot {
  readonly type: 'snapshot';
  readonly ballot: Ballot;
  /** The sender's committed height. */
  readonly height: number;
  /** Hash of the block at `height`. */
  readonly hash: string;
  /** The highest sequence of each owner that a block holds; owners without one are left out. */
  readonly sequences: readonly (readonly [owner: NodeId, sequence: number])[];
  /** Those that were ever replaced, as these blocks say. */
  readonly members: readonly (readonly [server: NodeId, member: Member])[];
  /** The application's committed state, in bytes of its own. */
  readonly state: Uint8Array;
}

/** Asks for old blocks, from `height` downwards: those that a snapshot let the sender skip. */
export interface Backfill {
  readonly type: 'backfill';
  readonly ballot: Ballot;
  readonly height: number;
}

/**
 * One page of old blocks, from the height asked for downwards; empty if the sender does not hold that one. Proves
 * nothing by itself: each counts if it has the hash that the block above it names.
 */
export interface History<T> {
  readonly type: 'history';
  readonly ballot: Ballot;
  /** The height asked for. */
  readonly height: number;
  readonly blocks: readonly Block<T>[];
}

/** A server that starts tells who it is: the identity its disk was given when it was first used. */
export interface Introduce {
  readonly type: 'introduce';
  readonly ballot: Ballot;
  /** Of the block that made this disk the server's; 0 for its first disk. */
  readonly height: number;
  /** 16 hexadecimal digits. */
  readonly identity: string;
  /** It takes part: enough others know it. */
  readonly established: boolean;
}

/** The identity by which the answering server knows, durably, the one that introduced itself. */
export interface Acquainted {
  readonly type: 'acquainted';
  readonly ballot: Ballot;
  /** Of the block that says so; 0 if that server was never replaced, as far as the answering one has heard. */
  readonly height: number;
  readonly identity: string;
}
