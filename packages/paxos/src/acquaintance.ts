import { quorumSize, SynodError, type NodeId, type Random } from '@synod/kernel';
import { noBallot } from './ballot.js';
import type { Member } from './member.js';
import type { Membership } from './membership.js';
import type { Acquainted, Introduce, PaxosMessage } from './messages.js';
import type { OwnDisk, PaxosEffects } from './options.js';
import { paxosKeys, type DiskStanding } from './records.js';

/**
 * Notices a lost disk. Every disk gets a random identity when it is first used, and takes no part before a majority of
 * the *other* servers knows it durably. A server that comes back with an empty disk, and so with a new identity, meets
 * one that knew it under another one, for any two majorities of the others share a member, and stops: it has forgotten
 * promises it made and sequence numbers it used. (A quorum that counts the server itself would not do: of five, S1 may
 * be known to S2 and S3, and come back as a stranger to S4 and S5.)
 *
 * A replacement takes part by another way: it waits for the block that names its disk. From that block on the disk it
 * replaces takes part no more: of two disks with one name, each height has one that votes.
 */
export class Acquaintance<T> {
  readonly #self: NodeId;
  readonly #others: readonly NodeId[];
  readonly #membership: Membership<T>;
  readonly #isReplacement: boolean;
  readonly #known = new Map<NodeId, string>();
  readonly #acquainted = new Set<NodeId>();
  readonly #needed: number;
  #identity: string;
  #standing: DiskStanding | undefined;

  constructor(options: {
    self: NodeId;
    members: readonly NodeId[];
    random: Random;
    membership: Membership<T>;
    replacement?: boolean;
  }) {
    const { self, members, random, membership, replacement = false } = options;
    this.#self = self;
    this.#others = members.filter((member) => member !== self);
    this.#membership = membership;
    this.#isReplacement = replacement;
    this.#needed = this.#others.length === 0 ? 0 : quorumSize(this.#others.length);
    this.#identity = newIdentity(random);
  }

  recoverIdentity(identity: string, standing: DiskStanding): void {
    this.#identity = identity;
    this.#standing = standing;
  }

  recoverPeer(peer: NodeId, identity: string): void {
    this.#known.set(peer, identity);
  }

  /** Everything is recovered. Throws `SynodError` `replaced` if the chain on this disk says that it is another's turn. */
  recovered(): void {
    if (this.replaced) throw this.replaced;
  }

  /** 16 hexadecimal digits. */
  get identity(): string {
    return this.#identity;
  }

  /** May vote and execute. */
  get ready(): boolean {
    return this.#standing === 'established' && !this.#successor;
  }

  /** A replacement that no block has named yet: it follows the chain, in which its own entries are another disk's. */
  get waits(): boolean {
    return this.#standing === 'replacement' || (this.#isReplacement && this.#standing !== 'established');
  }

  get own(): OwnDisk {
    const { identity, waits } = this;
    return { identity, since: waits ? 0 : this.since, waits };
  }

  /** Of the block that named this disk; 0 if it is the first one, so that no block had to. */
  get since(): number {
    if (this.waits) return Number.POSITIVE_INFINITY;
    const own = this.#membership.get(this.#self);
    return own?.disk === this.#identity ? own.height : 0;
  }

  /** What this server ends with, if a block gave its place to another disk. */
  get replaced(): SynodError | undefined {
    const { height, disk, address } = this.#successor ?? {};
    return disk === undefined ? undefined : this.#replacedBy(`disk ${disk} at ${address}`, height!);
  }

  /** Who does not take part yet hears who it is; a replacement that waits, the chain as well; who was replaced, nothing. */
  hears(from: NodeId, { type }: PaxosMessage<T>): boolean {
    if (this.replaced) {
      // What a server tells itself is released when it is durable: now it will not start again either.
      if (from === this.#self) throw this.replaced;
      return false;
    }
    // This disk may be a lost one's successor: until enough others know it, it takes no part.
    if (this.ready || type === 'introduce' || type === 'acquainted') return true;
    return this.waits && (type === 'status' || type === 'commit' || type === 'blocks');
  }

  /** The first effect of a server's first step on an empty disk. One that never took part may become a replacement. */
  begin(effects: PaxosEffects<T>): void {
    const isFirst = this.#standing === undefined;
    if (!isFirst && !(this.#isReplacement && this.#standing === 'new')) return;
    this.#save(this.#isReplacement ? 'replacement' : this.#needed === 0 ? 'established' : 'new', effects);
  }

  /** A committed block gives this server a disk. */
  changed(effects: PaxosEffects<T>): void {
    const own = this.#membership.get(this.#self);
    if (own?.disk === this.#identity && this.#standing !== 'established') this.#save('established', effects);
  }

  /** Makes itself known to those of `peers` that have not confirmed it in this life. */
  introduce(peers: Iterable<NodeId>, effects: PaxosEffects<T>): void {
    if (this.waits) return;
    const strangers = [...peers].filter((peer) => this.#others.includes(peer) && !this.#acquainted.has(peer));
    effects.toAll(strangers, {
      type: 'introduce',
      ballot: noBallot,
      height: this.since,
      identity: this.#identity,
      established: this.#standing === 'established',
    });
  }

  introduced(from: NodeId, message: Introduce, effects: PaxosEffects<T>): void {
    const member = this.#membership.get(from);
    let identity = member?.disk ?? this.#known.get(from);
    if (identity === undefined) {
      // A replacement does not know whom the disk before it knew: it can not vouch for one that has never taken part.
      if (this.since > 0 && !message.established) return;
      identity = message.identity;
      this.#known.set(from, identity);
      effects.put(paxosKeys.peer(from), { kind: 'peer', identity });
    }
    const height = member?.height ?? 0;
    effects.to(from, { type: 'acquainted', ballot: message.ballot, height, identity });
  }

  acquainted(from: NodeId, { height, identity }: Acquainted, effects: PaxosEffects<T>): void {
    if (identity !== this.#identity) {
      if (height < this.since) return; // it has not heard yet
      if (this.#standing === 'established' && height > 0) throw this.#replacedBy(`disk ${identity}`, height);
      throw new SynodError(
        'disk_lost',
        `${this.#self} starts with a disk that ${from} does not know (${from} remembers another one): ` +
          `its promises and sequence numbers are lost, so it must not take part. Restore its data directory, or replace the server.`,
      );
    }
    this.#acquainted.add(from);
    if (this.#standing === 'new' && height > 0) return this.#save('replacement', effects);
    if (this.#standing === 'new' && this.#acquainted.size >= this.#needed) this.#save('established', effects);
  }

  /** Who took this disk's place. */
  get #successor(): Member | undefined {
    const own = this.#membership.get(this.#self);
    return this.#standing === 'established' && own && own.disk !== this.#identity ? own : undefined;
  }

  #replacedBy(successor: string, height: number): SynodError {
    return new SynodError(
      'replaced',
      `${this.#self} was replaced in block ${height} by ${successor}: this disk (${this.#identity}) takes part no more, ` +
        'and what only it holds is lost',
    );
  }

  #save(standing: DiskStanding, effects: PaxosEffects<T>): void {
    this.#standing = standing;
    effects.put(paxosKeys.identity, { kind: 'identity', identity: this.#identity, standing });
  }
}

/** 64 random bits as 16 hexadecimal digits. */
function newIdentity(random: Random): string {
  const half = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return half() + half();
}
