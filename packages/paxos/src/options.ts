import type { NodeId, Random, SynodError, Time } from '@synod/kernel';
import type { Block, Entry, ValueCodec } from './block.js';
import type { Member } from './member.js';
import type { PaxosMessage } from './messages.js';
import type { PaxosRecord } from './records.js';

/** All in milliseconds. */
export interface Timing {
  /** A phase is sent again after this time to those who have not answered, then after twice as long, up to eight times. */
  readonly resendMs: number;
  /** After a quorum of promises, how long to wait for the rest that is connected, so that a block gathers every reachable log. */
  readonly gatherMs: number;
  /** How long to wait for the outcome of somebody else's higher ballot, once for each. */
  readonly roundTimeoutMs: number;
  /** After a block, how long to wait for the ballot of the server whose turn it is. */
  readonly turnMs: number;
  /**
   * Without answers by a quorum for this long, a round ends: no majority. Above `roundTimeoutMs` and `backoffMaxMs`
   * together, so that there is time left to ask.
   */
  readonly noQuorumMs: number;
  /** A server that a round must gather from may leave it without an answer for this long. */
  readonly silentMs: number;
  /** Background exchange of heights. */
  readonly statusMs: number;
  /** After the k-th lost duel in a row a proposer waits a random part of this, times 2^k, at most `backoffMaxMs`. */
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  /** Between two pages of old blocks that a snapshot let this server skip, so that they do not disturb what is new. */
  readonly backfillMs: number;
}

export const defaultTiming: Timing = {
  resendMs: 200,
  gatherMs: 500,
  roundTimeoutMs: 1000,
  turnMs: 100,
  noQuorumMs: 2000,
  silentMs: 10_000,
  statusMs: 500,
  backoffMs: 10,
  backoffMaxMs: 500,
  backfillMs: 100,
};

/** Bounds of what one message carries, in entries. */
export interface Limits {
  /** Of a local log in a Promise. Longer logs take several rounds. */
  readonly gatherEntries: number;
  /** Of the blocks in one page; a page holds at least one block, whatever its size. */
  readonly pageEntries: number;
  /** Who lacks more entries than this is sent a snapshot instead of all the pages. */
  readonly snapshotEntries: number;
}

export const defaultLimits: Limits = { gatherEntries: 131_072, pageEntries: 32_768, snapshotEntries: 1_048_576 };

/** What a server is to its peers, beside its name. */
export interface OwnDisk {
  /** 16 hexadecimal digits. */
  readonly identity: string;
  /** Of the block that named it; 0 if it is the first one, so that no block had to. */
  readonly since: number;
  /** It waits for the block that names it. */
  readonly waits: boolean;
}

/** How a round ended, or what came instead of it. */
export type RoundEnd =
  /** The own block of attempt `attempt`, made of fresh logs, is committed. `more`: some log held more than it could send. */
  | { readonly kind: 'fresh'; readonly attempt: number; readonly more: boolean }
  /** Nobody in reach has anything in its log. */
  | { readonly kind: 'empty'; readonly attempt: number }
  /** A block is committed that is not the own fresh one. */
  | { readonly kind: 'other' }
  /** No majority answered in time, or fewer servers than a majority were to be gathered from. The block may be chosen yet. */
  | { readonly kind: 'no-quorum' }
  /** Servers that the round must gather from stayed silent. */
  | { readonly kind: 'silent'; readonly missing: readonly NodeId[] }
  /** A block gives this server's place to another disk: it decides nothing any more, and ends when that is durable. */
  | { readonly kind: 'replaced'; readonly error: SynodError };

/** What is replicated. Called inside a step; what it persists joins the same atomic write. */
export interface Application<T> {
  /** The next block of the chain is committed: apply it. Called once per height, in order, but for those skipped. */
  apply(block: Block<T>, effects: PaxosEffects<T>, now: Time): void;
  /** What all blocks so far amount to, for a server that is far behind; undefined: nobody gets a snapshot of it. */
  snapshot(): Uint8Array | undefined;
  /**
   * The chain goes on at `height`: what all its blocks amount to is `state`, which another server's `snapshot` made.
   * `own`: what left the local log because these blocks hold it.
   */
  adopt(state: Uint8Array, own: readonly Entry<T>[], height: number, effects: PaxosEffects<T>, now: Time): void;
  /** A promise is about to tell the local log: what is appended now becomes durable with it. */
  promising?(effects: PaxosEffects<T>): void;
  /** The proposer is idle again, or a block came. Call `want` if another round is needed. */
  ended(end: RoundEnd, effects: PaxosEffects<T>, now: Time): void;
}

/** The effects of one step, as far as Paxos makes them: the kernel's `Effects` of any machine it is part of. */
export interface PaxosEffects<T> {
  put(key: string, value: PaxosRecord<T> | undefined): void;
  to(node: NodeId, message: PaxosMessage<T>): void;
  toAll(nodes: Iterable<NodeId>, message: PaxosMessage<T>): void;
}

export interface ConsensusOptions<T> {
  readonly self: NodeId;
  /** The whole membership, self included. */
  readonly members: readonly NodeId[];
  /** Stands before block 1: a hash of what all members must agree on. Hexadecimal SHA-256. */
  readonly genesis: string;
  readonly codec: ValueCodec<T>;
  readonly random: Random;
  readonly application: Application<T>;
  readonly timing?: Partial<Timing>;
  readonly limits?: Partial<Limits>;
  /** Waits, with an empty disk, until a block names it as the disk of `self`. Of a disk that takes part it changes nothing. */
  readonly replacement?: boolean;
  /** Told of every server that was replaced: at the start, and when a block says so, before that is durable. */
  readonly onMember?: (server: NodeId, member: Member) => void;
  /** Told of the own disk: at the start, and when a block names it. */
  readonly onDisk?: (disk: OwnDisk) => void;
}
